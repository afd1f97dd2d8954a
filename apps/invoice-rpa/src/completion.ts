/** The notice that Textract has done with a document, and our own reminder of the job, which looks the same. */
import * as z from "zod/mini";

export const Completion = z.object({
  JobId: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  /** UNKNOWN is ours: whoever works on it has to ask. */
  Status: z.enum(["SUCCEEDED", "PARTIAL_SUCCESS", "FAILED", "ERROR", "UNKNOWN"]),
  /** The version of the document. */
  JobTag: z.string().check(z.minLength(1)),
  DocumentLocation: z.object({
    S3Bucket: z.string().check(z.minLength(1)),
    S3ObjectName: z.string().check(z.minLength(1)),
  }),
});
export type Completion = z.infer<typeof Completion>;
