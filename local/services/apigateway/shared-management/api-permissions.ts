/** Managing APIs is allowed by method and path: `apigateway:PATCH` on `arn:aws:apigateway:<region>::/restapis/<id>`. */
import type { Permission } from "../../../core/principal.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** From the operation's HTTP binding in the client's schema. */
export function permissionOf(
  sdk: Readonly<Record<string, unknown>>,
  region: string,
  operation: string,
  input: Inputs,
): Permission[] {
  const schema = sdk[`${operation}$`];
  const traits: unknown = Array.isArray(schema) ? schema[3] : undefined;
  const binding = typeof traits === "object" && traits !== null && "http" in traits ? traits.http : undefined;
  const [method, template] = Array.isArray(binding) ? binding.map(String) : [];
  if (method === undefined || template === undefined) return [];
  const path = (template.split("?")[0] ?? "").replace(/\{(\w+)\+?\}/g, (_, name: string) =>
    typeof input[name] === "string" ? input[name] : "*",
  );
  return [{ action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path}` }];
}
