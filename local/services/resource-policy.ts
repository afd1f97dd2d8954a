/** Whether a text is a resource policy at all (Grammar of the IAM JSON policy language). Every service refuses others in its own words. */

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isScalar: Check = (value) => isText(value) || typeof value === "boolean" || typeof value === "number";
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const oneOrMore =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) ? value.every(check) : check(value);
const valuesAre =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const isPrincipal: Check = (value) => value === "*" || valuesAre(oneOrMore(isText))(value);
const MEMBERS: Readonly<Record<string, Check>> = {
  Sid: optional(isText),
  Effect: (value) => value === "Allow" || value === "Deny",
  Principal: optional(isPrincipal),
  NotPrincipal: optional(isPrincipal),
  Action: optional(oneOrMore(isText)),
  NotAction: optional(oneOrMore(isText)),
  Resource: optional(oneOrMore(isText)),
  NotResource: optional(oneOrMore(isText)),
  Condition: optional(valuesAre(valuesAre(oneOrMore(isScalar)))),
};

const isStatement: Check = (value) =>
  isObject(value) &&
  Object.entries(MEMBERS).every(([name, check]) => check(value[name])) &&
  (value["Action"] ?? value["NotAction"]) !== undefined;

export function isResourcePolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    return isObject(policy) && optional(isText)(policy["Version"]) && oneOrMore(isStatement)(policy["Statement"]);
  } catch {
    return false;
  }
}
