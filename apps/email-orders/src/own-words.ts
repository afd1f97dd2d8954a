/** What the sender wrote now: without quoted replies, forwarded mails and the signature. Lines keep their numbers. */

export interface Line {
  /** As the sender counts: 1 is the first line of the mail. */
  readonly number: number;
  readonly text: string;
}

const SIGNATURE = /^-- ?$/;
const DIVIDER =
  /^(?:_{10,}|-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale)\b.*)$/i;
const ATTRIBUTION =
  /^(?:on|am|le|el|il|op|den|em)\s.{4,250}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu)\b.{0,250}:$/i;
const MAIL_HEADER = /^\*?(?:from|von|de|da|van)\*?:\s/i;
const NEXT_MAIL_HEADER = /^\*?(?:sent|date|to|gesendet|datum|an|envoyé|à|enviado|inviato|verzonden|aan)\*?:/i;

export function ownWords(text: string): readonly Line[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const end = lines.findIndex((line, index) => isEnd(line, lines[index + 1] ?? ""));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter(({ text: line }) => line !== "" && !line.startsWith(">"));
}

/** Mail programs wrap what they write above a quotation: "On Monday … Ann Lee\n<ann@example.com> wrote:". */
const isEnd = (line: string, next: string): boolean =>
  SIGNATURE.test(line) ||
  line === "--" ||
  DIVIDER.test(line) ||
  ATTRIBUTION.test(line.slice(0, 600)) ||
  (next !== "" && line.length < 300 && ATTRIBUTION.test(`${line} ${next}`.slice(0, 600))) ||
  (MAIL_HEADER.test(line) && NEXT_MAIL_HEADER.test(next));
