/** Rules for message attributes that SQS and SNS share ("Amazon SQS message metadata", "Amazon SNS message attributes"). */

/** Answers what is wrong with an attribute's name, or undefined. */
export function nameFault(name: string): string | undefined {
  if (name === "") return "Message attribute name can not be empty.";
  if (Buffer.byteLength(name) > 256) return "Length of message attribute name must be less than 256 bytes.";
  const odd = /[^\w.-]/u.exec(name)?.[0];
  if (odd !== undefined) {
    const code = odd.codePointAt(0)?.toString(16).toUpperCase();
    return `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`;
  }
  if (name.startsWith(".")) return "Invalid message attribute name starting with character '.' was found.";
  if (name.endsWith(".")) return "Invalid message attribute name ending with character '.' was found.";
  if (name.includes("..")) return "Message attribute name can not have successive '.' character.";
  if (/^(aws|amazon)\./i.test(name)) return `Message attribute name '${name}' must not start with AWS. or Amazon.`;
  return undefined;
}

/** `String`, `Number` or `Binary`, before an optional label of the caller's own such as `Number.int`. */
export function baseType(dataType: string): "String" | "Number" | "Binary" | undefined {
  const base = dataType.split(".", 1)[0];
  return base === "String" || base === "Number" || base === "Binary" ? base : undefined;
}

/** SQS takes what a double of up to 38 digits can be, between -10^128 and 10^126. */
export function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text.trim()) && Number.isFinite(Number(text));
}

/** Bytes that an attribute counts in the size of its message: name, type and value. */
export function attributeSize(
  name: string,
  attribute: {
    readonly DataType?: string | undefined;
    readonly StringValue?: string | undefined;
    readonly BinaryValue?: Uint8Array | undefined;
  },
): number {
  const value = attribute.BinaryValue?.byteLength ?? Buffer.byteLength(attribute.StringValue ?? "");
  return Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType ?? "") + value;
}
