/** Takes a received mail to its end: an order, a rejection, dropped, a duplicate, or parked with its reason. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleRecords } from "#shared/events/records";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { sendMessages } from "#shared/writes/send-messages";
import { MailUnreadable, readLetter } from "./letter.ts";
import { type Ending, writeEnding } from "./mail-ledger.ts";
import { storedMail } from "./mailbox.ts";
import type { Limits } from "./order-lines.ts";
import { keepOrder } from "./order-store.ts";
import { decide } from "./outcome.ts";
import { deliveriesOf, type Delivery } from "./receipt.ts";
import { gate } from "./verdicts.ts";

const limits: Limits = {
  mostItems: env.integer("MOST_ITEMS", { least: 1, most: 500, otherwise: 50 }),
  largestQuantity: env.integer("LARGEST_QUANTITY", { least: 1, most: 999_999_999, otherwise: 1_000 }),
};
const largestMail = env.integer("LARGEST_MAIL_BYTES", { least: 1_000, most: 40_000_000, otherwise: 5_000_000 });
const ownAddress = env.text("ORDER_ADDRESS");
const answers = env.text("ANSWERS_URL");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleRecords(deliveriesOf, { putAside }, async ({ input }) => {
  const ending = await endingOf(input);
  if (!(await writeEnding(input, ending))) return;
  count(`Mails${ending.outcome.replace(/^./, (letter) => letter.toUpperCase())}`);
  logger.info("mail received", { mail: input.mailId, ...ending });
});

async function endingOf(delivery: Delivery): Promise<Ending> {
  const entry = gate(delivery.verdicts);
  if (entry.kind !== "open") return { outcome: entry.kind, reason: entry.reason };
  try {
    const letter = await readLetter(await storedMail(delivery.mailId, largestMail));
    const decided = decide(delivery, entry, letter, ownAddress, limits);
    if (decided.kind === "parked") return { outcome: "parked", reason: decided.reason };
    const { email, orderId } = decided;
    if (!(await keepOrder(decided, delivery))) return { outcome: "duplicate", orderId };
    // Asked for before the end is written, so that a retry asks again: an order is answered once, however often it is asked for.
    if (decided.answerTo !== undefined) await sendMessages(answers, [{ body: { email, orderId } }]);
    return { outcome: decided.kind, orderId };
  } catch (error) {
    if (error instanceof MailUnreadable) return { outcome: "parked", reason: error.message };
    throw error;
  }
}
