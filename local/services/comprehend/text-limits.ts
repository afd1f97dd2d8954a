/** What Comprehend checks of a text before it reads it. */
import { ServiceError } from "../../core/errors.ts";
import { Constraints } from "../constraints.ts";

/** Throws TextSizeLimitExceededException above `mostBytes` of UTF-8, ValidationException for none. */
export function checkText(text: string | undefined, mostBytes: number): string {
  new Constraints().text("text", text, { required: true, min: 1 }).check();
  const bytes = Buffer.byteLength(text ?? "");
  if (bytes > mostBytes) {
    throw new ServiceError(
      "TextSizeLimitExceededException",
      `Input text size exceeds limit. Max length of request text allowed is ${mostBytes} bytes while in this request the text size is ${bytes} bytes`,
    );
  }
  return text ?? "";
}
