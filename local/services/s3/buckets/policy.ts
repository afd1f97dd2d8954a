import { ServiceError } from "../../../core/errors.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { accessDenied, notConfigured } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import type { Bucket, BucketRecord } from "./bucket.ts";
import { isPublicPolicy, restricted, statementsOf } from "./public-policy.ts";

const LONGEST_POLICY = 20_480;

export const getBucketPolicy =
  (store: Store): Handler<S3, "GetBucketPolicy"> =>
  (input) => ({ Policy: policyText(store.bucket(input)) });

export const getBucketPolicyStatus =
  (store: Store): Handler<S3, "GetBucketPolicyStatus"> =>
  (input) => {
    const policy = parse(policyText(store.bucket(input)));
    return { PolicyStatus: { IsPublic: isPublicPolicy(policy) } };
  };

export const putBucketPolicy =
  (store: Store): Handler<S3, "PutBucketPolicy"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const text = input.Policy ?? "";
    const policy = parse(text);
    checkPolicy(bucket, policy, text);
    if (bucket.record.publicAccessBlock?.BlockPublicPolicy && isPublicPolicy(policy)) {
      throw accessDenied(
        `User: ${nameOf(call, store.cloud.accountId)} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      );
    }
    store.configure(bucket, { policy: text });
    return {};
  };

export const deleteBucketPolicy =
  (store: Store): Handler<S3, "DeleteBucketPolicy"> =>
  (input) => {
    store.configure(store.bucket(input), { policy: undefined });
    return {};
  };

const effective = new WeakMap<BucketRecord, PolicyDocument>();

/** The policy that decides about calls, the same object as long as the bucket is not configured anew. */
export function effectivePolicy(bucket: Bucket, accountId: string): PolicyDocument | undefined {
  const { record } = bucket;
  if (record.policy === undefined) return undefined;
  let policy = effective.get(record);
  if (!policy) {
    const written = parse(record.policy);
    policy = record.publicAccessBlock?.RestrictPublicBuckets ? restricted(written, accountId) : written;
    effective.set(record, policy);
  }
  return policy;
}

function policyText({ name, record }: Bucket): string {
  if (record.policy !== undefined) return record.policy;
  throw notConfigured("NoSuchBucketPolicy", "The bucket policy does not exist", name);
}

function parse(text: string): PolicyDocument {
  try {
    const policy: unknown = JSON.parse(text);
    // checkPolicy looks at the members before the document is kept.
    if (typeof policy === "object" && policy !== null && !Array.isArray(policy)) return policy as PolicyDocument;
  } catch {
    // Refused below.
  }
  throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
}

function checkPolicy(bucket: Bucket, policy: PolicyDocument, text: string): void {
  if (Buffer.byteLength(text) > LONGEST_POLICY)
    throw malformedPolicy("Policy exceeds the maximum allowed document size.");
  if (policy.Version !== undefined && !["2012-10-17", "2008-10-17"].includes(policy.Version)) {
    throw malformedPolicy(`Unknown version: ${policy.Version}`);
  }
  if (policy.Statement === undefined) throw malformedPolicy("Missing required field Statement");
  const statements = statementsOf(policy);
  if (statements.length === 0) throw malformedPolicy("Could not parse the policy: Statement is empty!");
  for (const statement of statements) checkStatement(bucket, statement);
}

function checkStatement(bucket: Bucket, statement: Statement | null): void {
  if (typeof statement !== "object" || statement === null) throw malformedPolicy("Could not parse the policy");
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  if (Effect === undefined) throw malformedPolicy("Missing required field Effect");
  if (Effect !== "Allow" && Effect !== "Deny") throw malformedPolicy(`Invalid effect: ${String(Effect)}`);
  const principal = Principal ?? NotPrincipal;
  if (principal === undefined) throw malformedPolicy("Missing required field Principal");
  if (typeof principal === "string" ? principal !== "*" : !Object.values(principal).flat().every(isPrincipal)) {
    throw malformedPolicy("Invalid principal in policy");
  }
  const actions = [Action ?? NotAction ?? []].flat();
  if (actions.length === 0) throw malformedPolicy("Missing required field Action");
  if (!actions.every((action) => /^(\*|s3:[\w*?]+)$/i.test(action))) throw malformedPolicy("Policy has invalid action");
  const resources = [Resource ?? NotResource ?? []].flat();
  if (resources.length === 0) throw malformedPolicy("Missing required field Resource");
  const isOwn = (resource: unknown) =>
    typeof resource === "string" &&
    (resource === bucket.arn || resource.startsWith(`${bucket.arn}/`) || resource === `${bucket.arn}*`);
  if (!resources.every(isOwn)) throw malformedPolicy("Policy has invalid resource");
}

const isPrincipal = (value: unknown): boolean =>
  typeof value === "string" &&
  (value === "*" ||
    /^\d{12}$/.test(value) ||
    /^arn:aws[\w-]*:(iam|sts)::\w+:.+$/.test(value) ||
    /^[\w.-]+\.amazonaws\.com$/.test(value) ||
    /^[0-9a-f]{64}$/.test(value));

const malformedPolicy = (message: string): ServiceError =>
  new ServiceError("MalformedPolicy", message, { status: 400 });

const nameOf = ({ principal }: Call, accountId: string): string =>
  principal.kind === "role"
    ? principal.roleArn
    : principal.kind === "service"
      ? principal.service
      : `arn:aws:iam::${accountId}:root`;
