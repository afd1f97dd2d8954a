/** The bytes of one part of an object, for reads by `partNumber`. */
import { ServiceError } from "../../../core/errors.ts";
import type { Checksum } from "../checksums/checksum.ts";
import { invalidArgument } from "../errors.ts";
import type { Content } from "./object-version.ts";
import type { ByteRange } from "./range.ts";

export interface PartRead {
  /** Undefined when the object is empty: there are no bytes to speak of. */
  readonly range: ByteRange | undefined;
  readonly checksum: Checksum | undefined;
  /** How many parts there are; undefined for an object that was put at once. */
  readonly count: number | undefined;
}

/** An object that was put at once has one part. Throws InvalidPartNumber beyond the last one. */
export function partRange(content: Content, partNumber: number): PartRead {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", partNumber);
  }
  // Numbers may have been left out in the upload; reads count the parts that are there.
  const part = content.parts[partNumber - 1];
  if (!part) {
    throw new ServiceError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
      status: 416,
      detail: { ActualPartCount: content.parts.length, PartNumberRequested: partNumber },
    });
  }
  const first = content.parts.slice(0, partNumber - 1).reduce((sum, { size }) => sum + size, 0);
  return {
    range: part.size === 0 ? undefined : { first, last: first + part.size - 1 },
    checksum: part.checksum,
    count: part.number === undefined ? undefined : content.parts.length,
  };
}
