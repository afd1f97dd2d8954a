/** Customers' accounts: what their completed fares have brought them, by currency. Each fare counts once, and its entry says that it did. */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import { FareRefused, isToFail, type Money } from "../fare/fare.ts";

/** The account cannot be credited: it is blocked, or the credit was taken back before it came. */
export class CreditRefused extends FareRefused {}

/** Two fares of one customer met; the next attempt sees clear. */
export class AccountBusy extends AppError<{ fareId: string }> {
  override readonly status = 503;
  override readonly retryable = true;
}

const ACCOUNTS = env.text("ACCOUNTS_TABLE");
const TEST_TOKENS = env.flag("TEST_TOKENS");
/** Sorts before the fares. */
const BALANCE = "#balance";
const entryOf = (fareId: string): string => `fare#${fareId}`;

interface Credit extends Money {
  readonly fareId: string;
  readonly customerId: string;
  readonly paymentToken?: string | undefined;
}

/** Credits a fare to its customer's account. Throws CreditRefused. */
export async function credit({ fareId, customerId, amountMinor, currency, paymentToken = "" }: Credit, now: Date) {
  if (isToFail("credit", paymentToken, TEST_TOKENS)) throw new CreditRefused("The account is blocked", { fareId });
  const Item = {
    customerId,
    entry: entryOf(fareId),
    fareId,
    amountMinor,
    currency,
    state: "CREDITED",
    at: now.toISOString(),
  };
  const known = await transact(fareId, [
    { Put: { TableName: ACCOUNTS, Item, ConditionExpression: "attribute_not_exists(entry)", ...showKnown } },
    balanceChange(customerId, currency, amountMinor),
  ]);
  if (known === "REVERSED") throw new CreditRefused("The credit was taken back before it came", { fareId });
}

/** Takes a credit back, if it was given; if not, one that is still on its way comes too late. */
export async function reverse({ fareId, customerId, amountMinor, currency }: Credit, now: Date): Promise<void> {
  const Key = { customerId, entry: entryOf(fareId) };
  const known = await transact(fareId, [
    {
      Update: {
        TableName: ACCOUNTS,
        Key,
        UpdateExpression: "SET #state = :reversed, reversedAt = :now",
        ConditionExpression: "#state = :credited",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":reversed": "REVERSED", ":credited": "CREDITED", ":now": now.toISOString() },
        ...showKnown,
      },
    },
    balanceChange(customerId, currency, -amountMinor),
  ]);
  if (known !== "none") return;
  const Item = { ...Key, fareId, amountMinor: 0, currency, state: "REVERSED", at: now.toISOString() };
  try {
    await documents.send(
      new PutCommand({ TableName: ACCOUNTS, Item, ConditionExpression: "attribute_not_exists(entry)" }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    throw new AccountBusy("The fare has just been credited or taken back", { fareId }, { cause: error });
  }
}

type Steps = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]["TransactItems"]>;

const showKnown = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

const balanceChange = (customerId: string, currency: string, amountMinor: number): Steps[number] => ({
  Update: {
    TableName: ACCOUNTS,
    Key: { customerId, entry: BALANCE },
    UpdateExpression: "ADD #currency :amount",
    ExpressionAttributeNames: { "#currency": `minor${currency}` },
    ExpressionAttributeValues: { ":amount": amountMinor },
  },
});

/** Undefined when it was done; else the state of the fare's entry that stands against it, "none" where there is no entry. */
async function transact(fareId: string, TransactItems: Steps): Promise<string | undefined> {
  try {
    await documents.send(new TransactWriteCommand({ TransactItems }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [entry] = error.CancellationReasons ?? [];
    if (entry?.Code === "ConditionalCheckFailed")
      return String(entry.Item?.["state"]?.S ?? entry.Item?.["state"] ?? "none");
    throw new AccountBusy("The account is being changed", { fareId }, { cause: error });
  }
}
