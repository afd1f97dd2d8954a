/** The digests that SDKs check ("Calculating the MD5 message digest for message attributes"). */
import { createHash, hash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

export const md5 = (text: string): string => hash("md5", text);

/** Of attributes sorted by name: length and bytes of name and type, a byte for the kind of value, length and bytes of the value. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue = "", BinaryValue } = attributes[name] ?? {};
    const isBinary = DataType.startsWith("Binary");
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.of(isBinary ? 2 : 1));
    add(isBinary && BinaryValue ? BinaryValue : Buffer.from(StringValue));
  }
  return hash.digest("hex");
}
