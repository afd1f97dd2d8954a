/** Who may call a method: resource policy, IAM, Lambda authorizer. */
import type { Method } from "@aws-sdk/client-api-gateway";
import { isServiceError } from "../../../core/errors.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";
import { signatureOf } from "../../../gateway/identify.ts";
import { localIam } from "../../../iam/index.ts";
import { type Exchange, setContext } from "../shared-serving/context.ts";
import { internalFault, Fault } from "./gateway-response.ts";
import type { LambdaAuthorizer } from "./lambda-authorizer.ts";
import type { StoredDeployment } from "../store.ts";

export interface Caller {
  /** `requestContext.authorizer`: what a Lambda authorizer said. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined;
  /** Members of `requestContext.identity` that are known. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** The API key that the authorizer found. */
  readonly usageKey: string | undefined;
}

export interface Wanted {
  readonly definition: StoredDeployment["definition"];
  readonly method: Method;
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** `arn:aws:execute-api:…/<stage>/<METHOD>/<path>` with the path as it was requested. */
  readonly arn: string;
}

/** Throws Fault when the caller may not. */
export async function authorize(exchange: Exchange, wanted: Wanted, lambda: LambdaAuthorizer): Promise<Caller> {
  const { method, definition, arn } = wanted;
  const policy = policyOf(definition.settings.policy, arn);
  if (method.authorizationType === "AWS_IAM") return byIam(exchange, arn, policy);
  checkPolicy(exchange, arn, policy, method.authorizationType === "CUSTOM");
  if (method.authorizationType !== "CUSTOM") return { authorizer: undefined, identity: {}, usageKey: undefined };
  const authorizer = definition.authorizers[method.authorizerId ?? ""];
  if (!authorizer) throw internalFault();
  return lambda.authorize(exchange, authorizer, wanted);
}

/** The API's policy; `execute-api:/stage/…` in it stands for this API's ARN. */
function policyOf(text: string | undefined, arn: string): PolicyDocument | undefined {
  if (text === undefined || text === "") return undefined;
  const apiArn = arn.split("/")[0] ?? "";
  // Checked to be JSON when it was set; a wrong form speaks of nothing.
  const { Version, Statement: given = [] } = JSON.parse(text) as {
    Version?: string;
    Statement?: PolicyDocument["Statement"];
  };
  const list: readonly Statement[] = "Effect" in given ? [given] : given;
  const full = (resource: string): string => resource.replace(/^execute-api:\/?/, `${apiArn}/`);
  return {
    ...(Version === undefined ? {} : { Version }),
    Statement: list.map((statement) => {
      const { Resource } = statement;
      if (Resource === undefined) return statement;
      return { ...statement, Resource: typeof Resource === "string" ? full(Resource) : Resource.map(full) };
    }),
  };
}

const permission = (exchange: Exchange, arn: string) => ({
  action: "execute-api:Invoke",
  resource: arn,
  context: { "aws:SourceIp": exchange.request.sourceIp },
});

/** Without IAM authorization everybody is anonymous to the policy; before an authorizer only a denial counts. */
function checkPolicy(
  exchange: Exchange,
  arn: string,
  policy: PolicyDocument | undefined,
  hasAuthorizer: boolean,
): void {
  if (!policy) return;
  const { cloud, request } = exchange;
  const who = request.principal.kind === "service" ? request.principal : ({ kind: "anonymous" } as const);
  const decision = localIam(cloud.iam).evaluate(who, permission(exchange, arn), policy);
  if (decision.allowed || (hasAuthorizer && !decision.explicit)) return;
  const reason = decision.explicit ? " with an explicit deny" : "";
  throw new Fault(
    "ACCESS_DENIED",
    `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${masked(arn)}${reason}`,
  );
}

/** Messages show only the last four digits of the account. */
const masked = (text: string): string => text.replace(/(arn:aws:execute-api:[^:]*:)\d{8}(\d{4})/g, "$1********$2");

function byIam(exchange: Exchange, arn: string, policy: PolicyDocument | undefined): Caller {
  const { cloud, request, context } = exchange;
  const { principal } = request;
  if (principal.kind === "anonymous") throw new Fault("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
  try {
    cloud.iam.authorize(principal, permission(exchange, arn), policy);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    cloud.log.warn(error.message);
    throw new Fault("ACCESS_DENIED", masked(error.message));
  }
  const accessKey = signatureOf(request)?.accessKeyId ?? "";
  const isRole = principal.kind === "role";
  const userArn = isRole
    ? `arn:aws:sts::${cloud.accountId}:assumed-role/${principal.roleArn.slice(principal.roleArn.lastIndexOf("/") + 1)}/${principal.sessionName}`
    : `arn:aws:iam::${cloud.accountId}:root`;
  const user = isRole ? `${accessKey}:${principal.sessionName}` : cloud.accountId;
  const identity = { accountId: cloud.accountId, accessKey, caller: user, user, userArn };
  for (const [name, value] of Object.entries(identity)) setContext(context, `identity.${name}`, value);
  return { authorizer: undefined, identity, usageKey: undefined };
}
