/** What IAM refuses in a policy document, in its words (IAM JSON policy elements reference, Grammar of the IAM JSON policy language). */
import { ServiceError } from "../../core/errors.ts";
import { parseOperator } from "../../iam/condition.ts";

export type DocumentKind = "identity" | "trust";

const STATEMENT_MEMBERS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);
const TRUST_ACTIONS =
  /^sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity|SetContext|\*)$/i;

/** Throws MalformedPolicyDocumentException unless IAM would take the text as a policy of that kind. */
export function checkPolicyDocument(text: string, kind: DocumentKind): void {
  // Line ends and tabs aside, a document is printable Latin-1 (Grammar of the IAM JSON policy language).
  // oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
  if (!/^[\u0009\u000A\u000D\u0020-\u00FF]+$/.test(text)) malformed("The policy is not in the valid JSON format.");
  const document = parse(text);
  if (!isObject(document)) malformed("Syntax errors in policy.");
  for (const member of Object.keys(document))
    if (!["Version", "Id", "Statement"].includes(member)) malformed("Syntax errors in policy.");
  const version = document["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17")
    malformed("Syntax errors in policy.");
  if (kind === "identity" && version === "2008-10-17")
    malformed("Policy document must be version 2012-10-17 or greater.");
  const statements = Array.isArray(document["Statement"]) ? document["Statement"] : [document["Statement"]];
  if (statements.length === 0) malformed("Syntax errors in policy.");
  const sids = new Set<string>();
  for (const statement of statements) {
    if (!isObject(statement)) malformed("Syntax errors in policy.");
    checkStatement(statement, kind);
    const sid = statement["Sid"];
    if (typeof sid === "string" && sid !== "") {
      if (sids.has(sid)) malformed("Statement IDs (SID) in a single policy must be unique.");
      sids.add(sid);
    }
  }
}

function checkStatement(statement: Record<string, unknown>, kind: DocumentKind): void {
  for (const member of Object.keys(statement))
    if (!STATEMENT_MEMBERS.has(member)) malformed("Syntax errors in policy.");
  const sid = statement["Sid"];
  if (sid !== undefined && (typeof sid !== "string" || !/^[A-Za-z0-9]*$/.test(sid))) {
    malformed(
      `Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*`,
    );
  }
  if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") malformed("Syntax errors in policy.");
  checkActions(statement, kind);
  checkConditions(statement["Condition"]);
  if (kind === "trust") checkTrusted(statement);
  else checkResources(statement);
}

function checkActions(statement: Record<string, unknown>, kind: DocumentKind): void {
  const actions = oneOf(statement, "Action", "NotAction");
  if (actions === undefined) malformed("Policy statement must contain actions.");
  for (const action of actions) {
    if (action !== "*" && !/^[^:]+:.+$/.test(action)) {
      malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    }
    if (action !== "*" && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action)) {
      malformed(
        `Action vendors and names must not contain ${/[^a-zA-Z0-9*?:-]/.exec(action)?.[0] ?? "wildcards or colons"}.`,
      );
    }
    if (kind === "trust" && !TRUST_ACTIONS.test(action))
      malformed("AssumeRole policy may only specify STS AssumeRole actions.");
  }
}

function checkResources(statement: Record<string, unknown>): void {
  for (const prohibited of ["Principal", "NotPrincipal"]) {
    if (statement[prohibited] !== undefined) malformed("Policy document should not specify a principal.");
  }
  const resources = oneOf(statement, "Resource", "NotResource");
  if (resources === undefined) malformed("Policy statement must contain resources.");
  for (const resource of resources) {
    if (resource === "*") continue;
    if (!resource.startsWith("arn:")) malformed(`Resource ${resource} must be in ARN format or "*".`);
    if (resource.split(":").length < 6 && !resource.includes("*")) {
      malformed(`The following resources are not in ARN format: ${resource}`);
    }
    const [, partition = "", vendor = ""] = resource.split(":");
    if (!/^(aws|aws-cn|aws-us-gov|\*|\$\{[^}]*\})/.test(partition))
      malformed(`Partition "${partition}" is not valid for resource "${resource}".`);
    if (vendor === "") malformed(`Vendor is not valid: ${resource}`);
  }
}

function checkTrusted(statement: Record<string, unknown>): void {
  for (const prohibited of ["Resource", "NotResource"]) {
    if (statement[prohibited] !== undefined) malformed(`Has prohibited field ${prohibited}`);
  }
  const principal = statement["Principal"] ?? statement["NotPrincipal"];
  if (principal === undefined) malformed("Missing required field Principal");
  if (principal === "*") return;
  if (!isObject(principal)) malformed("Invalid principal in policy.");
  for (const [kind, value] of Object.entries(principal)) {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(kind))
      malformed(`Invalid principal in policy: "${kind}"`);
    for (const name of texts(value)) checkPrincipalName(kind, name);
  }
}

function checkPrincipalName(kind: string, name: string): void {
  const isGood =
    kind === "AWS"
      ? /^(\*|\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:.+)$/.test(name) && !/^arn:.*[*?]/.test(name)
      : kind !== "Service" ||
        /^[\w-]+(\.[\w-]+)*\.(amazonaws|aws\.internal|api\.aws)(\.[\w.]+)?$|^[\w.-]+\.amazon\.com$/.test(name);
  if (!isGood) malformed(`Invalid principal in policy: "${kind}":"${name}"`);
}

function checkConditions(block: unknown): void {
  if (block === undefined) return;
  if (!isObject(block)) malformed("Syntax errors in policy.");
  for (const [operator, keys] of Object.entries(block)) {
    if (parseOperator(operator) === undefined) malformed(`Invalid Condition type : ${operator}.`);
    if (!isObject(keys)) malformed("Syntax errors in policy.");
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(":")) malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      const all: unknown[] = Array.isArray(values) ? values : [values];
      if (!all.every((value) => ["string", "number", "boolean"].includes(typeof value)))
        malformed("Syntax errors in policy.");
    }
  }
}

function oneOf(statement: Record<string, unknown>, plain: string, negated: string): readonly string[] | undefined {
  if (statement[plain] !== undefined && statement[negated] !== undefined) malformed("Syntax errors in policy.");
  const value = statement[plain] ?? statement[negated];
  return value === undefined ? undefined : texts(value);
}

function texts(value: unknown): readonly string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.map((item) => (typeof item === "string" ? item : malformed("Syntax errors in policy.")));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed("This policy contains invalid Json");
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function malformed(message: string): never {
  throw new ServiceError("MalformedPolicyDocumentException", message);
}
