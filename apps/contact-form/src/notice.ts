/** The mail by which the administrator hears of a message. */

export interface Received {
  readonly formId: string;
  readonly sentiment: string;
  readonly language: string;
  readonly receivedAt: string;
  readonly formData: { readonly message: string; readonly email?: string | undefined };
}

export interface Notice {
  readonly subject: string;
  readonly text: string;
  /** Where an answer goes: to the writer, or back to the administrator if the writer left no address. */
  readonly replyTo: string;
}

export const SUBJECT = "New Form Submission";

/** Words that a person understands. UNKNOWN is what could not be judged: a language without a model, or an outage. */
const MOODS: Readonly<Record<string, string>> = {
  NEGATIVE: "negative",
  MIXED: "mixed",
  NEUTRAL: "neutral",
  POSITIVE: "positive",
  UNKNOWN: "not judged",
};

export function noticeOf(received: Received, administrator: string): Notice {
  const { formId, sentiment, language, receivedAt, formData } = received;
  const { message, email } = formData;
  return {
    subject: SUBJECT,
    replyTo: email ?? administrator,
    text: [
      `Ticket:    ${formId}`,
      `Mood:      ${MOODS[sentiment] ?? sentiment} (language: ${language})`,
      `Received:  ${receivedAt}`,
      `Answer to: ${email ?? "no address was left"}`,
      "",
      message,
    ].join("\n"),
  };
}
