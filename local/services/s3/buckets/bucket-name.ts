import { ServiceError } from "../../../core/errors.ts";

const RESERVED_STARTS = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Throws InvalidBucketName (General purpose bucket naming rules). */
export function checkBucketName(name: string): void {
  const isWellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  const isReserved =
    RESERVED_STARTS.some((start) => name.startsWith(start)) || RESERVED_ENDS.some((end) => name.endsWith(end));
  if (isWellFormed && !name.includes("..") && !isAddress && !isReserved) return;
  throw new ServiceError("InvalidBucketName", "The specified bucket is not valid.", {
    status: 400,
    detail: { BucketName: name },
  });
}
