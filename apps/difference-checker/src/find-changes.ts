/** Answers the changes of one object, or of one day, the newest first. Invoked directly. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { InputInvalid } from "#shared/errors";
import { handle } from "#shared/middleware";
import { findChanges, type ChangePage } from "./change-log.ts";

const Page = { limit: z._default(z.int().check(z.minimum(1), z.maximum(100)), 20), nextToken: z.optional(z.string()) };
const Question = z.union([
  z.strictObject({ key: z.string().check(z.minLength(1)), ...Page }),
  z.strictObject({ day: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)), ...Page }),
]);

export const handler = handle({ input: Question }, async (question): Promise<ChangePage> => {
  const where = "day" in question ? { day: question.day } : { bucket: env.text("SOURCE_BUCKET"), key: question.key };
  const { changes, next } = await findChanges(
    where,
    question.limit,
    question.nextToken === undefined ? undefined : readToken(question.nextToken),
  );
  return { changes, ...(next ? { nextToken: Buffer.from(JSON.stringify(next)).toString("base64url") } : {}) };
});

function readToken(token: string): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch {
    throw new InputInvalid([{ field: "nextToken", problem: "not a token that this function gave" }]);
  }
}
