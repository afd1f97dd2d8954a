/** Mails that machines write. Answering them begins a loop (RFC 3834); some of them are not even meant for us. */
import type { Letter } from "./letter.ts";

export interface Automatic {
  readonly reason: string;
  /** Nobody orders by an out-of-office note, a bounce or our own answer, whatever its text looks like. */
  readonly isNeverAnOrder: boolean;
}

/** Why a mail is not to be answered; undefined when a person seems to have written it. */
export function automaticBecause(
  letter: Pick<Letter, "from" | "header">,
  envelopeSender: string,
  ownAddress: string,
): Automatic | undefined {
  const own = ownAddress.toLowerCase();
  const never = (reason: string): Automatic => ({ reason, isNeverAnOrder: true });
  if (envelopeSender === "" || envelopeSender === "<>") return never("it has no return path");
  if ([letter.from, envelopeSender.toLowerCase()].includes(own)) return never("it comes from our own address");
  const [submitted] = wordsOf(letter.header("auto-submitted"));
  if (submitted === "auto-replied" || letter.header("x-autoreply").length > 0) return never("it is an automatic reply");
  if (/^(?:mailer-daemon|postmaster)@/.test(letter.from)) return never("a mail server sent it");
  if (submitted !== undefined && submitted !== "no") return { reason: "a program sent it", isNeverAnOrder: false };
  const precedence = wordsOf(letter.header("precedence"));
  if (precedence.some((word) => ["bulk", "junk", "list", "auto_reply"].includes(word)))
    return { reason: "it went to many", isNeverAnOrder: false };
  if (letter.header("list-id").length > 0) return { reason: "it came over a mailing list", isNeverAnOrder: false };
  const suppressed = letter.header("x-auto-response-suppress").join().toLowerCase();
  return /\b(?:all|autoreply)\b/.test(suppressed)
    ? { reason: "its sender wants no automatic answer", isNeverAnOrder: false }
    : undefined;
}

/** Values without parameters and comments: `auto-generated; type=x` is `auto-generated`. */
const wordsOf = (values: readonly string[]): readonly string[] =>
  values.map((value) => /^[\w-]*/.exec(value.toLowerCase())?.[0] ?? "");
