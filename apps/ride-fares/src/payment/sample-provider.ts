/**
 * The sample's payment provider: a ledger in a table, with the rules that real providers have. A fare's id is the idempotency key of its one
 * payment, so a repetition finds what was done. To take real money, put your provider's client behind these two functions.
 */
import { ConditionalCheckFailedException, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError, Conflict } from "#shared/errors";
import { FareRefused, isToFail, type Money } from "../fare/fare.ts";

/** The customer's bank says no to the pre-authorisation. */
export class PaymentDeclined extends FareRefused {}

/** What was authorised cannot be charged: it lapsed, or was given up. */
export class ChargeRefused extends FareRefused {}

/** The provider does not give the money back at present. It owes it: asking again, later or after a person has called there, may help. */
export class RefundRefused extends AppError<{ fareId: string }> {
  override readonly retryable = true;
}

/** The same fare was authorised for another amount. */
export class PaymentChanged extends Conflict<{ fareId: string }> {}

const LEDGER = env.text("LEDGER_TABLE");
const TEST_TOKENS = env.flag("TEST_TOKENS");

type State = "AUTHORIZED" | "DECLINED" | "CAPTURED" | "VOIDED" | "REFUNDED";

/** Pre-authorises the fare and then charges it. Throws PaymentDeclined, ChargeRefused, PaymentChanged. */
export async function charge(fareId: string, money: Money, token: string, now: Date): Promise<void> {
  await authorize(fareId, money, token, now);
  const known = await change(fareId, {
    set: "#state = :captured, capturedMinor = authorizedMinor, capturedAt = :now",
    when: "#state = :authorized AND canCapture = :yes",
    values: { ":captured": "CAPTURED", ":authorized": "AUTHORIZED", ":yes": true, ":now": now.toISOString() },
  });
  if (known !== undefined && known.state !== "CAPTURED")
    throw new ChargeRefused(known.state === "AUTHORIZED" ? "The charge was refused" : "The payment was given up", {
      fareId,
    });
}

async function authorize(fareId: string, { amountMinor, currency }: Money, token: string, now: Date): Promise<void> {
  const isDeclined = isToFail("auth", token, TEST_TOKENS);
  const known = await put({
    fareId,
    currency,
    authorizedMinor: amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
    at: now.toISOString(),
    state: (isDeclined ? "DECLINED" : "AUTHORIZED") satisfies State,
    canCapture: !isToFail("charge", token, TEST_TOKENS),
    canRefund: !isToFail("refund", token, TEST_TOKENS),
  });
  if (known?.state === "VOIDED" && known.currency === "XXX")
    throw new ChargeRefused("The payment was given up", { fareId });
  if (known && (known.authorizedMinor !== amountMinor || known.currency !== currency))
    throw new PaymentChanged(`Fare ${fareId} was authorised for another amount`, { fareId });
  if (known?.state === "DECLINED" || isDeclined) throw new PaymentDeclined("The card was declined", { fareId });
}

/**
 * Takes a payment back, whatever is known of it: what is only authorised becomes void, what was charged is refunded, and where nothing is
 * there yet, a charge still on its way comes too late. Throws RefundRefused.
 */
export async function takeBack(fareId: string, now: Date): Promise<"VOIDED" | "REFUNDED" | "DECLINED"> {
  for (;;) {
    const known = await change(fareId, {
      set: "#state = :voided, voidedAt = :now",
      when: "#state = :authorized",
      values: { ":voided": "VOIDED", ":authorized": "AUTHORIZED", ":now": now.toISOString() },
    });
    if (known === undefined) return "VOIDED";
    if (known.state === "CAPTURED") {
      if (await refund(fareId, now)) return "REFUNDED";
    } else if (known.state === undefined) {
      const tombstone = { currency: "XXX", authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0, state: "VOIDED" };
      if (
        (await put({ fareId, ...tombstone, canCapture: false, canRefund: true, at: now.toISOString() })) === undefined
      )
        return "VOIDED";
    } else if (known.state !== "AUTHORIZED") return known.state;
    // Somebody else has just changed it: look again.
  }
}

/** False when it is not there to be refunded any more. Throws RefundRefused. */
async function refund(fareId: string, now: Date): Promise<boolean> {
  const known = await change(fareId, {
    set: "#state = :refunded, refundedMinor = capturedMinor, refundedAt = :now",
    when: "#state = :captured AND canRefund = :yes",
    values: { ":refunded": "REFUNDED", ":captured": "CAPTURED", ":yes": true, ":now": now.toISOString() },
  });
  if (known?.state === "CAPTURED") throw new RefundRefused("The provider refuses the refund", { fareId });
  return known === undefined;
}

interface Payment {
  /** Undefined when there is none. */
  readonly state: State | undefined;
  readonly currency: string | undefined;
  readonly authorizedMinor: number;
}

async function put(Item: Readonly<Record<string, unknown>>): Promise<Payment | undefined> {
  return knownUnlessDone(
    new PutCommand({
      TableName: LEDGER,
      Item,
      ConditionExpression: "attribute_not_exists(fareId)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  );
}

interface Change {
  readonly set: string;
  readonly when: string;
  readonly values: Readonly<Record<string, unknown>>;
}

async function change(fareId: string, { set, when, values }: Change): Promise<Payment | undefined> {
  return knownUnlessDone(
    new UpdateCommand({
      TableName: LEDGER,
      Key: { fareId },
      UpdateExpression: `SET ${set}`,
      ConditionExpression: when,
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  );
}

/** Undefined when it was done; what is there instead when its condition does not hold. */
async function knownUnlessDone(command: PutCommand | UpdateCommand): Promise<Payment | undefined> {
  try {
    await (command instanceof PutCommand ? documents.send(command) : documents.send(command));
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const row: Readonly<Record<string, AttributeValue>> = error.Item ?? {};
    return {
      // Only this module writes the ledger.
      state: row["state"]?.S as State | undefined,
      currency: row["currency"]?.S,
      authorizedMinor: Number(row["authorizedMinor"]?.N ?? 0),
    };
  }
}
