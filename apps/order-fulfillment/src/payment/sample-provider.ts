/**
 * The sample's payment provider: a ledger in a table, with the rules that real providers have. Each call carries a key by which a repetition
 * is known (the order, or the order and its round), so that money moves once. To take real money, put your provider's client behind these
 * three functions.
 */
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError, Conflict } from "#shared/errors";

/** The customer's bank says no. */
export class PaymentDeclined extends AppError<{ orderId: string }> {}

/** There is no authorisation that covers the amount. */
export class CaptureRefused extends AppError<{ orderId: string; round: number }> {}

/** The same key was used for something else. */
export class PaymentChanged extends Conflict<{ orderId: string }> {}

/** Two calls met; the next one sees clear. */
export class PaymentBusy extends AppError<{ orderId: string }> {
  override readonly retryable = true;
}

const LEDGER = env.text("LEDGER_TABLE");
const AUTHORIZATION = "authorization";
const captureEntry = (round: number): string => `capture#${String(round).padStart(4, "0")}`;

const Authorization = z.object({
  state: z.enum(["OPEN", "DECLINED", "VOIDED"]),
  currency: z.string(),
  authorizedMinor: z.number(),
  remainingMinor: z.number(),
});
const Capture = z.object({ round: z.number(), amountMinor: z.number() });

export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Reserves an amount on the customer's card. Tokens that begin with `tok_declined` are declined. Throws PaymentDeclined, PaymentChanged. */
export async function authorize(
  orderId: string,
  { amountMinor, currency }: Money,
  token: string,
  now: Date,
): Promise<void> {
  const isDeclined = token.startsWith("tok_declined");
  // The sample knows only by the token which cards lapse before they are charged.
  const canCapture = !token.startsWith("tok_lapsing");
  try {
    await documents.send(
      new PutCommand({
        TableName: LEDGER,
        Item: {
          orderId,
          entry: AUTHORIZATION,
          currency,
          canCapture,
          state: isDeclined ? "DECLINED" : "OPEN",
          authorizedMinor: isDeclined ? 0 : amountMinor,
          remainingMinor: isDeclined ? 0 : amountMinor,
          at: now.toISOString(),
        },
        ConditionExpression: "attribute_not_exists(orderId)",
      }),
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    const known = await authorizationOf(orderId);
    const isSame = known?.authorizedMinor === amountMinor && known.currency === currency;
    if (known?.state !== "DECLINED" && !isSame)
      throw new PaymentChanged(`Order ${orderId} was authorised for another amount, or its authorisation is void`, {
        orderId,
      });
  }
  if (isDeclined) throw new PaymentDeclined("The card was declined", { orderId });
}

/** Takes a part of what is reserved. Throws CaptureRefused, PaymentChanged. */
export async function capture(orderId: string, round: number, amountMinor: number, now: Date): Promise<void> {
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: LEDGER,
              Item: { orderId, entry: captureEntry(round), round, amountMinor, at: now.toISOString() },
              ConditionExpression: "attribute_not_exists(orderId)",
            },
          },
          {
            Update: {
              TableName: LEDGER,
              Key: { orderId, entry: AUTHORIZATION },
              UpdateExpression: "SET remainingMinor = remainingMinor - :amount",
              ConditionExpression: "#state = :open AND canCapture = :yes AND remainingMinor >= :amount",
              ExpressionAttributeNames: { "#state": "state" },
              ExpressionAttributeValues: { ":amount": amountMinor, ":open": "OPEN", ":yes": true },
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "TransactionCanceledException")) throw error;
    const known = (await capturesOf(orderId)).find((made) => made.round === round);
    if (known?.amountMinor === amountMinor) return;
    if (known) throw new PaymentChanged(`Round ${round} has captured another amount`, { orderId }, { cause: error });
    if (error.message.includes("TransactionConflict"))
      throw new PaymentBusy("The authorisation is being used", { orderId }, { cause: error });
    throw new CaptureRefused(`The authorisation does not cover ${amountMinor}`, { orderId, round }, { cause: error });
  }
}

/** Gives up what was reserved and not taken, for good: nothing can be captured afterwards. Answers what was captured before. */
export async function voidRest(
  orderId: string,
  now: Date,
): Promise<{ readonly capturedMinor: number; readonly capturedRounds: readonly number[] }> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: LEDGER,
        Key: { orderId, entry: AUTHORIZATION },
        UpdateExpression:
          "SET #state = :voided, voidedMinor = if_not_exists(voidedMinor, remainingMinor), remainingMinor = :none, voidedAt = if_not_exists(voidedAt, :now)",
        ConditionExpression: "attribute_exists(orderId)",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":voided": "VOIDED", ":none": 0, ":now": now.toISOString() },
      }),
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (!(await forestall(orderId, now))) return voidRest(orderId, now);
  }
  const captures = await capturesOf(orderId);
  return {
    capturedMinor: captures.reduce((total, { amountMinor }) => total + amountMinor, 0),
    capturedRounds: captures.map(({ round }) => round),
  };
}

/** Nothing was authorised; an authorisation that is still on its way comes too late. False when there is one after all. */
async function forestall(orderId: string, now: Date): Promise<boolean> {
  const Item = {
    orderId,
    entry: AUTHORIZATION,
    currency: "XXX",
    state: "VOIDED",
    canCapture: false,
    authorizedMinor: 0,
    remainingMinor: 0,
    voidedMinor: 0,
    at: now.toISOString(),
  };
  try {
    await documents.send(
      new PutCommand({ TableName: LEDGER, Item, ConditionExpression: "attribute_not_exists(orderId)" }),
    );
    return true;
  } catch (error) {
    if (!isRefused(error)) throw error;
    return false;
  }
}

async function authorizationOf(orderId: string) {
  const { Item } = await documents.send(
    new GetCommand({ TableName: LEDGER, Key: { orderId, entry: AUTHORIZATION }, ConsistentRead: true }),
  );
  return Item && Authorization.parse(Item);
}

/** One for each round at most: far below a page. */
async function capturesOf(orderId: string) {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: LEDGER,
      KeyConditionExpression: "orderId = :orderId AND begins_with(entry, :capture)",
      ExpressionAttributeValues: { ":orderId": orderId, ":capture": "capture#" },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => Capture.parse(item));
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.name === "ConditionalCheckFailedException";
