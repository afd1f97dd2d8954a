/** Items as people read them. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item without DynamoDB's type letters. Numbers that JavaScript cannot hold exactly stay text, bytes become base64. */
export const plainItem = (item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> =>
  // Attributes may have any name, `__proto__` too.
  Object.assign(
    Object.create(null) as Record<string, unknown>,
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)])),
  );

function plainValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return plainNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.M !== undefined) return plainItem(value.M);
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(plainNumber);
  if (value.B !== undefined) return `base64:${Buffer.from(value.B).toString("base64")}`;
  if (value.BS !== undefined) return value.BS.map((bytes) => `base64:${Buffer.from(bytes).toString("base64")}`);
  return undefined;
}

function plainNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}
