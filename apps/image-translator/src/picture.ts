/** A picture as the workflow hands it on, and where its texts are kept. */
import * as z from "zod/mini";

export const Picture = z.object({
  bucket: z.string().check(z.minLength(1)),
  key: z.string().check(z.minLength(1)),
  versionId: z.string().check(z.minLength(1)),
  /** Where in the results its texts are. */
  folder: z.string().check(z.regex(/^texts\/[0-9a-f]{64}$/)),
});
export type Picture = z.infer<typeof Picture>;

/** A code of Amazon Translate: `de`, `zh-TW`. */
export const Language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Z]{2})?$/));

/** A text that is kept: where, and how long it is in UTF-8. */
export const KeptText = z.object({ key: z.string(), bytes: z.number() });
export type KeptText = z.infer<typeof KeptText>;
