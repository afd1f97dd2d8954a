import { ServiceError } from "../../core/errors.ts";

/** RDS pages by `Marker`, 20 to 100 records each. */
export function page<T>(
  all: readonly T[],
  size = 100,
  marker?: string,
): { items: readonly T[]; marker: { Marker?: string } } {
  if (size < 20 || size > 100)
    throw new ServiceError("InvalidParameterValue", `Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, "base64url").toString());
  if (!Number.isInteger(start)) throw new ServiceError("InvalidParameterValue", "Invalid marker");
  const end = start + size;
  return {
    items: all.slice(start, end),
    marker: end < all.length ? { Marker: Buffer.from(String(end)).toString("base64url") } : {},
  };
}
