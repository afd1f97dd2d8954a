/** Which bytes a request wants (RFC 9110, Range Requests; S3 answers one range, never several). */
import { ServiceError } from "../../../core/errors.ts";

/** Both inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Undefined when the whole object is to be answered: no range, or one that S3 ignores. Throws InvalidRange. */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (header === undefined || from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  if (from === "") {
    const length = Math.min(Number(to), size);
    if (length === 0) throw invalidRange(header, size);
    return { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= size) throw invalidRange(header, size);
  return { first, last };
}

export const contentRange = ({ first, last }: ByteRange, size: number): string => `bytes ${first}-${last}/${size}`;

const invalidRange = (header: string, size: number): ServiceError =>
  new ServiceError("InvalidRange", "The requested range is not satisfiable", {
    status: 416,
    detail: { RangeRequested: header, ActualObjectSize: size },
  });
