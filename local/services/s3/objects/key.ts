import { ServiceError } from "../../../core/errors.ts";
import { invalidArgument } from "../errors.ts";

const LONGEST_KEY = 1024;

/** The key of a request. Throws KeyTooLongError beyond 1,024 bytes of UTF-8 (Naming Amazon S3 objects). */
export function checkedKey(key: string | undefined): string {
  if (key === undefined || key === "") throw invalidArgument("Object key must be at least one character long", "Key");
  const size = Buffer.byteLength(key);
  if (size <= LONGEST_KEY) return key;
  throw new ServiceError("KeyTooLongError", "Your key is too long", {
    status: 400,
    detail: { Size: size, MaxSizeAllowed: LONGEST_KEY },
  });
}
