/** Auth.ResourcePolicy of a REST API. */
import type { Fields, Value } from "../../value.ts";
import { fieldsOf, listOf } from "../lowering.ts";

/** The API's resource policy; undefined when the template asks for none. */
export function resourcePolicy(given: Fields): Fields | undefined {
  const statements: Value[] = [];
  const add = (effect: "Allow" | "Deny", principal: Value, condition?: Fields) =>
    void statements.push({
      Action: "execute-api:Invoke",
      Effect: effect,
      Principal: principal,
      Resource: ["execute-api:/*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    });
  const list = (name: string) => listOf(given[name]);

  if (list("AwsAccountWhitelist").length > 0) add("Allow", { AWS: list("AwsAccountWhitelist") });
  if (list("AwsAccountBlacklist").length > 0) add("Deny", { AWS: list("AwsAccountBlacklist") });
  const denials: Fields[] = [];
  if (list("IpRangeWhitelist").length > 0) denials.push({ NotIpAddress: { "aws:SourceIp": list("IpRangeWhitelist") } });
  if (list("IpRangeBlacklist").length > 0) denials.push({ IpAddress: { "aws:SourceIp": list("IpRangeBlacklist") } });
  for (const [kind, operator] of [
    ["Whitelist", "StringNotEquals"],
    ["Blacklist", "StringEquals"],
  ] as const) {
    const sources = list(`SourceVpc${kind}`);
    const keys: Record<string, Value> = {};
    const vpcs = sources.filter((source) => String(source).startsWith("vpc-"));
    const endpoints = sources.filter((source) => String(source).startsWith("vpce-"));
    if (vpcs.length > 0) keys["aws:SourceVpc"] = vpcs;
    if (endpoints.length > 0) keys["aws:SourceVpce"] = endpoints;
    if (sources.length > 0) denials.push({ [operator]: keys });
  }
  // Whoever is not denied is allowed: a resource policy without a matching Allow denies.
  if (denials.length > 0) add("Allow", "*");
  for (const condition of denials) add("Deny", "*", condition);
  for (const statement of listOf(given["CustomStatements"])) statements.push(fieldsOf(statement));
  return statements.length === 0 ? undefined : { Version: "2012-10-17", Statement: statements };
}
