/** S3's refusals, in its words (Error responses, Amazon S3 API Reference). */
import { ServiceError } from "../../core/errors.ts";

export const noSuchBucket = (bucket: string): ServiceError =>
  new ServiceError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    detail: { BucketName: bucket },
  });

export const noSuchKey = (key: string): ServiceError =>
  new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404, detail: { Key: key } });

export const noSuchVersion = (key: string, versionId: string): ServiceError =>
  new ServiceError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    detail: { Key: key, VersionId: versionId },
  });

export const noSuchUpload = (uploadId: string | undefined): ServiceError =>
  new ServiceError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404, detail: { UploadId: uploadId } },
  );

/** What only current and older objects can answer, asked of a delete marker. */
export const deleteMarkerRefuses = (method: string): ServiceError =>
  new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    status: 405,
    detail: { Method: method, ResourceType: "DeleteMarker", Allow: "DELETE", "x-amz-delete-marker": "true" },
  });

export const preconditionFailed = (condition: string): ServiceError =>
  new ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    detail: { Condition: condition },
  });

/** `headers` are what a cache refreshes its copy with (RFC 9110, 304 Not Modified). */
export const notModified = (headers: Readonly<Record<string, string>>): ServiceError =>
  new ServiceError("NotModified", "Not Modified", { status: 304, detail: { ...headers } });

export const invalidArgument = (message: string, name?: string, value?: unknown): ServiceError =>
  new ServiceError("InvalidArgument", message, {
    status: 400,
    detail: { ArgumentName: name, ArgumentValue: value },
  });

export const invalidRequest = (message: string): ServiceError =>
  new ServiceError("InvalidRequest", message, { status: 400 });

export const malformedXml = (): ServiceError =>
  new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { status: 400 },
  );

export const accessDenied = (message = "Access Denied"): ServiceError =>
  new ServiceError("AccessDenied", message, { status: 403 });

/** A parameter of AWS that the local cloud does not have. */
export const notImplemented = (what: string): ServiceError =>
  new ServiceError("NotImplemented", `The local cloud's S3 does not implement ${what}`, { status: 501 });

/** A configuration that a bucket does not have, each with its own code. */
export const notConfigured = (code: string, message: string, bucket: string): ServiceError =>
  new ServiceError(code, message, { status: 404, detail: { BucketName: bucket } });
