import type { Attributes } from "./object-version.ts";

/** Delete markers have none. */
export const NO_ATTRIBUTES: Attributes = {
  contentType: undefined,
  cacheControl: undefined,
  contentDisposition: undefined,
  contentEncoding: undefined,
  contentLanguage: undefined,
  expires: undefined,
  websiteRedirect: undefined,
  metadata: {},
  storageClass: "STANDARD",
  encryption: { algorithm: "AES256", kmsKeyId: undefined, bucketKeyEnabled: undefined },
};
