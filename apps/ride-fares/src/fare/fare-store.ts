/** The row of a fare: how it stands, and everything about it that does not travel. The saga's machine writes this row as well. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { Conflict, NotFound } from "#shared/errors";
import {
  digestOf,
  type FareNotice,
  Id,
  isOver,
  Money,
  type Outcome,
  type Process,
  processes,
  type Ride,
  type Status,
} from "./fare.ts";

/** The ride's id was used before, for another ride. */
export class RideChanged extends Conflict<{ fareId: string }> {}
export class FareNotFound extends NotFound<{ fareId: string }> {}
/** The fare is at its end, or belongs to another process. */
export class FareNotOpen extends Conflict<{ fareId: string }> {}

const FARES = env.text("FARES_TABLE");

const Row = z.object({
  fareId: Id,
  customerId: Id,
  amountMinor: Money.shape.amountMinor,
  currency: Money.shape.currency,
  process: z.enum(processes),
  status: z.enum(["submitted", "registered", "failing", "completed", "failed"]),
  /** Forgotten as soon as the fare is at its end. */
  paymentToken: z.optional(z.string()),
  reason: z.optional(z.string()),
  noticeSentAt: z.optional(z.string()),
});
export type Fare = z.infer<typeof Row>;
const Standing = z.object({ status: Row.shape.status, process: Row.shape.process });
type Standing = z.infer<typeof Standing>;

/** Keeps a ride until its fare is processed. The same ride again changes nothing. Throws RideChanged. */
export async function keepRide(fareId: string, ride: Ride, process: Process, now: Date): Promise<void> {
  const { customer, fare, paymentToken, rideId: _rideId, process: _process, ...route } = ride;
  const digest = digestOf({ ...ride, process });
  const Item = {
    fareId,
    customerId: customer,
    ...fare,
    paymentToken,
    process,
    route,
    digest,
    status: "submitted",
    submittedAt: now.toISOString(),
  };
  try {
    await documents.send(
      new PutCommand({
        TableName: FARES,
        Item,
        ConditionExpression: "attribute_not_exists(fareId) OR (digest = :digest AND #status = :submitted)",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":digest": digest, ":submitted": "submitted" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item?.["digest"]?.S !== digest)
      throw new RideChanged(`There is another ride ${fareId} already`, { fareId }, { cause: error });
  }
}

/** Throws FareNotFound. */
export async function fareOf(fareId: string): Promise<Fare> {
  const { Item } = await documents.send(new GetCommand({ TableName: FARES, Key: { fareId }, ConsistentRead: true }));
  if (!Item) throw new FareNotFound(`There is no fare ${fareId}`, { fareId });
  return Row.parse(Item);
}

/** The process takes the fare on, and hears how it stands: one that was taken on before goes on from there. Throws FareNotOpen. */
export async function register(fareId: string, process: Process, now: Date): Promise<Status> {
  const known = await change(fareId, {
    UpdateExpression: "SET #status = :registered, registeredAt = :now",
    ConditionExpression: "process = :process AND #status = :submitted",
    ExpressionAttributeValues: {
      ":process": process,
      ":now": now.toISOString(),
      ":submitted": "submitted",
      ":registered": "registered",
    },
  });
  if (known === undefined) return "registered";
  if (known.process !== process) throw new FareNotOpen(`Fare ${fareId} belongs to ${known.process}`, { fareId });
  return known.status;
}

/** From here on the fare can only fail, unless it is at its end already. Answers how it stands. */
export async function beginFailing(fareId: string, reason: string, now: Date): Promise<"failing" | Outcome> {
  const known = await change(fareId, {
    UpdateExpression:
      "SET #status = :failing, reason = if_not_exists(reason, :reason), failingAt = if_not_exists(failingAt, :now)",
    ConditionExpression: "#status IN (:submitted, :registered, :failing)",
    ExpressionAttributeValues: {
      ":reason": reason.slice(0, 1_000),
      ":now": now.toISOString(),
      ":failing": "failing",
      ":submitted": "submitted",
      ":registered": "registered",
    },
  });
  return known !== undefined && isOver(known.status) ? known.status : "failing";
}

/** The fare is at its end; its token is forgotten. Answers it as it stands now: one that is being undone meanwhile does not complete. */
export async function close(fareId: string, outcome: Outcome, now: Date): Promise<Fare> {
  await change(fareId, {
    UpdateExpression: "SET #status = :outcome, closedAt = :now REMOVE paymentToken",
    ConditionExpression: "#status = :before",
    ExpressionAttributeValues: {
      ":outcome": outcome,
      ":now": now.toISOString(),
      ":before": outcome === "completed" ? "registered" : "failing",
    },
  });
  return fareOf(fareId);
}

export async function noteNoticeSent(fareId: string, now: Date): Promise<void> {
  await change(fareId, {
    UpdateExpression: "SET noticeSentAt = :now",
    ConditionExpression: "attribute_exists(fareId)",
    ExpressionAttributeValues: { ":now": now.toISOString() },
  });
}

export const noticeOf = ({ fareId, customerId, amountMinor, currency, process, status, reason }: Fare): FareNotice => ({
  fareId,
  customerId,
  amountMinor,
  currency,
  process,
  status: isOver(status) ? status : "failed",
  ...(reason === undefined ? {} : { reason }),
});

type Change = Required<
  Pick<UpdateCommandInput, "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues">
>;

/** Undefined when it was done; how the fare stands when the condition does not hold. Throws FareNotFound. */
async function change(fareId: string, expressions: Change): Promise<Standing | undefined> {
  const usesStatus = `${expressions.UpdateExpression}${expressions.ConditionExpression}`.includes("#status");
  try {
    await documents.send(
      new UpdateCommand({
        TableName: FARES,
        Key: { fareId },
        ...expressions,
        ...(usesStatus ? { ExpressionAttributeNames: { "#status": "status" } } : {}),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (!error.Item) throw new FareNotFound(`There is no fare ${fareId}`, { fareId }, { cause: error });
    return Standing.parse({ status: error.Item["status"]?.S, process: error.Item["process"]?.S });
  }
}
