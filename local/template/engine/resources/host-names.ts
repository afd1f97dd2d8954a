/** Addresses of APIs and function URLs, made to reach the local cloud. */
import { isList, type Value } from "../../value.ts";

const API = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;
const FUNCTION_URL = /https:\/\/([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws/g;

/**
 * The value with `https://<id>.execute-api.<region>.amazonaws.com` and `https://<id>.lambda-url.<region>.on.aws` in its strings
 * rewritten to `<endpoint>/_apis/<id>` and `<endpoint>/_urls/<id>`. Paths behind the host are kept.
 */
export function localAddresses(value: Value, endpoint: string): Value {
  if (typeof value === "string")
    return value.replaceAll(API, `${endpoint}/_apis/$1`).replaceAll(FUNCTION_URL, `${endpoint}/_urls/$1`);
  if (isList(value)) return value.map((item) => localAddresses(item, endpoint));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, localAddresses(member, endpoint)]));
}
