/** DynamoDB's typed values as they stand in stream records, as plain ones. */

/** One member says the type: `{ S: "text" }`. Binary values are base64. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item as a plain object. Own properties only: an attribute called `__proto__` is an attribute. */
export function plainItem(item: Readonly<Record<string, AttributeValue>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/**
 * Numbers beyond 2^53 become BigInt where they are whole. Sets become arrays, in the order of the record.
 * A shape that is none of DynamoDB's becomes undefined, which a schema refuses.
 */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const [[type, content] = []] = Object.entries(value);
  switch (type) {
    case "N":
      return numberOf(String(content));
    case "NS":
      return Array.isArray(content) ? content.map((text) => numberOf(String(text))) : undefined;
    case "S":
    case "B":
    case "BOOL":
    case "SS":
    case "BS":
      return content;
    case "NULL":
      return null;
    case "L":
      return Array.isArray(content) ? content.map(plain) : undefined;
    case "M":
      return typeof content === "object" && content !== null
        ? Object.fromEntries(Object.entries(content).map(([name, member]) => [name, plain(member)]))
        : undefined;
    default:
      return undefined;
  }
}

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}
