/** The role that SAM makes for a function or state machine, and its policies. */
import { inside, TemplateError, type Path } from "../template-error.ts";
import { compact, isFields, valueFunction, type Fields, type Value } from "../value.ts";
import { listOf, type Lowering } from "./lowering.ts";
import { isPolicyTemplate, policyFromTemplate } from "./policy-templates/template.ts";

export const managedPolicy = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

/** Who may assume a role: a service. */
export const trust = (service: string): Fields => ({
  Version: "2012-10-17",
  Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [service] } }],
});

/** A policy of one statement. */
export const allow = (name: string, action: string, resource: Value, version = false): Fields => ({
  PolicyName: name,
  PolicyDocument: compact({
    Version: version ? "2012-10-17" : undefined,
    Statement: [{ Action: action, Effect: "Allow", Resource: resource }],
  }),
});

interface RoleInput {
  readonly id: string;
  readonly trust: Value;
  /** ARNs that come before those of `Policies`. */
  readonly managed: readonly Value[];
  /** Inline policies that come before those of `Policies`. */
  readonly inline: readonly Fields[];
  readonly policies: Value | undefined;
  readonly policiesPath: Path;
  /** ARNs that come last. */
  readonly managedAfter?: readonly Value[];
  readonly boundary?: Value | undefined;
  readonly rolePath?: Value | undefined;
  readonly tags?: Value | undefined;
  readonly attributes: Fields;
}

/** Adds `AWS::IAM::Role`. Throws TemplateError for policies that are none. */
export function addRole(lowering: Lowering, input: RoleInput): void {
  const managed: Value[] = [...input.managed];
  const inline: Fields[] = [...input.inline];
  for (const [index, policy] of listOf(input.policies).entries()) {
    const path = inside(input.policiesPath, index);
    const name = `${input.id}Policy${index}`;
    const read = readPolicy(lowering, policy, path);
    for (const document of read.documents) inline.push({ PolicyName: name, PolicyDocument: document });
    for (const arn of read.managed)
      if (!managed.some((known) => JSON.stringify(known) === JSON.stringify(arn))) managed.push(arn);
  }
  lowering.add(
    input.id,
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: input.trust,
      ManagedPolicyArns: [...managed, ...(input.managedAfter ?? [])],
      Path: input.rolePath,
      Policies: inline.length > 0 ? inline : undefined,
      PermissionsBoundary: input.boundary,
      Tags: input.tags,
    },
    input.attributes,
  );
}

interface ReadPolicy {
  readonly documents: readonly Value[];
  readonly managed: readonly Value[];
}

function readPolicy(lowering: Lowering, policy: Value, path: Path): ReadPolicy {
  const known = lowering.known(policy) ?? policy;
  if (typeof known === "string")
    return { documents: [], managed: [known.startsWith("arn:") ? known : managedPolicy(managedName(known))] };
  if (!isFields(policy))
    throw new TemplateError("A policy must be a name, an ARN, a policy template or statements", path);
  const call = valueFunction(policy);
  // The documents of an Fn::If stay where they are: the role's policy is one or the other.
  if (call?.name === "Fn::If") return chosenPolicy(lowering, listOf(call.argument), path);
  if (call) return { documents: [], managed: [policy] };
  if (policy["Statement"] !== undefined) return { documents: [policy], managed: [] };
  const [name, parameters] = Object.entries(policy)[0] ?? [];
  if (name !== undefined && isPolicyTemplate(name) && Object.keys(policy).length === 1)
    return {
      documents: [policyFromTemplate(name, isFields(parameters) ? parameters : {}, inside(path, name))],
      managed: [],
    };
  throw new TemplateError(`The policy template ${name ?? ""} is not known to the local cloud`, path);
}

function chosenPolicy(lowering: Lowering, [condition, whenTrue, whenFalse]: readonly Value[], path: Path): ReadPolicy {
  const none = { Ref: "AWS::NoValue" };
  const branches = [whenTrue ?? none, whenFalse ?? none].map((branch) =>
    JSON.stringify(branch) === JSON.stringify(none)
      ? { documents: [], managed: [] }
      : readPolicy(lowering, branch, path),
  );
  const [yes, no] = branches;
  const pick = (a: Value | undefined, b: Value | undefined): Value => ({
    "Fn::If": [condition ?? "", a ?? none, b ?? none],
  });
  if (branches.every(({ documents }) => documents.length === 0))
    return { documents: [], managed: [pick(yes?.managed[0], no?.managed[0])] };
  if (branches.every(({ managed }) => managed.length === 0))
    // A policy without a document is not allowed: the branch that has none gets a statement that allows nothing.
    return { documents: [pick(yes?.documents[0] ?? NOTHING, no?.documents[0] ?? NOTHING)], managed: [] };
  throw new TemplateError("Fn::If between a managed policy and statements is not supported", path);
}

const NOTHING: Fields = { Statement: [{ Effect: "Deny", Action: ["local:Nothing"], Resource: "*" }] };

/** AWS managed policies live under paths; SAM knows them by name. */
function managedName(name: string): string {
  return SERVICE_ROLES.has(name) ? `service-role/${name}` : name;
}

const SERVICE_ROLES: ReadonlySet<string> = new Set([
  "AWSLambdaBasicExecutionRole",
  "AWSLambdaDynamoDBExecutionRole",
  "AWSLambdaENIManagementAccess",
  "AWSLambdaKinesisExecutionRole",
  "AWSLambdaMSKExecutionRole",
  "AWSLambdaRole",
  "AWSLambdaSQSQueueExecutionRole",
  "AWSLambdaVPCAccessExecutionRole",
  "AmazonAPIGatewayPushToCloudWatchLogs",
  "AmazonElasticMapReduceRole",
  "AmazonElasticMapReduceforEC2Role",
  "AWSGlueServiceRole",
  "AWSBatchServiceRole",
]);
