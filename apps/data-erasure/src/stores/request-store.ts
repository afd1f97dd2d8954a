/** How far each request is, and who may decide it: figures, hashes and times, no ids of users. */
import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { NotFound } from "#shared/errors";
import type { Decision } from "../approval.ts";
import type { Summary } from "../report.ts";

export class RequestNotFound extends NotFound<{ requestId: string }> {}

const table = env.text("REQUESTS_TABLE");
const KEEP_DAYS = env.integer("KEEP_REQUESTS_DAYS", { least: 1, most: 3_650, otherwise: 365 });

const Figures = z.object({
  objects: z.number(),
  wholeObjects: z.number(),
  versions: z.number(),
  rows: z.number(),
  usersFound: z.number(),
  usersNotFound: z.number(),
});

const Request = z.object({
  requestId: z.string(),
  status: z.string(),
  requestedAt: z.string(),
  users: z.number(),
  round: z.optional(z.number()),
  reportHash: z.optional(z.string()),
  summary: z.optional(Figures),
  tokenHash: z.optional(z.string()),
  taskToken: z.optional(z.string()),
  expiresAt: z.optional(z.string()),
  decision: z.optional(z.enum(["approve", "reject"])),
  isTold: z.optional(z.boolean()),
  isOver: z.optional(z.boolean()),
  reason: z.optional(z.string()),
});
export type Request = z.infer<typeof Request>;

/** Opens a request, once. Answers false for one that has ended before. */
export async function openRequest(requestId: string, users: number, now: Date): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: {
          requestId,
          status: "REQUESTED",
          requestedAt: now.toISOString(),
          users,
          // DynamoDB removes rows at epoch seconds.
          removeAt: Math.floor(now.getTime() / 1_000) + KEEP_DAYS * 86_400,
        },
        ConditionExpression: "attribute_not_exists(requestId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // As DynamoDB writes it: errors are not translated.
    const { Item } = error as { Item?: Readonly<Record<string, { BOOL?: boolean }>> };
    return Item?.["isOver"]?.BOOL !== true;
  }
}

/** Throws RequestNotFound. */
export async function requestOf(requestId: string): Promise<Request> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { requestId }, ConsistentRead: true }));
  if (!Item) throw new RequestNotFound("There is no such request", { requestId });
  return Request.parse(Item);
}

export const recordReport = (requestId: string, round: number, reportHash: string, summary: Summary): Promise<void> =>
  set(requestId, { status: "REPORTED", round, reportHash, summary });

export interface Question {
  readonly tokenHash: string;
  readonly taskToken: string;
  readonly reportHash: string;
  readonly round: number;
  readonly expiresAt: string;
}

/** From now on this token, and no earlier one, decides. */
export async function askForDecision(requestId: string, question: Question): Promise<void> {
  await set(requestId, { status: "AWAITING_APPROVAL", ...question }, { remove: ["decision", "isTold", "isOver"] });
}

/** Uses the token up. Answers the decision that counts: an earlier one, if there is. */
export async function decide(requestId: string, tokenHash: string, decision: Decision): Promise<Decision | undefined> {
  try {
    await set(
      requestId,
      { decision },
      {
        only: "tokenHash = :token AND (attribute_not_exists(decision) OR decision = :decision) AND attribute_not_exists(isOver)",
        values: { ":token": tokenHash },
      },
    );
    return decision;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return (await requestOf(requestId)).decision;
  }
}

/** The workflow knows of the decision. Changes nothing when there is a newer question. */
export async function rememberTold(requestId: string, tokenHash: string): Promise<void> {
  try {
    await set(requestId, { isTold: true }, { only: "tokenHash = :token", values: { ":token": tokenHash } });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

export const endRequest = (requestId: string, status: string, reason: string): Promise<void> =>
  set(requestId, { status, isOver: true, ...(reason === "" ? {} : { reason }) }, { remove: ["taskToken"] });

async function set(
  requestId: string,
  attributes: Readonly<Record<string, unknown>>,
  {
    remove = [],
    only = "attribute_exists(requestId)",
    values = {},
  }: { remove?: readonly string[]; only?: string; values?: Readonly<Record<string, unknown>> } = {},
): Promise<void> {
  const names = Object.keys(attributes);
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: { requestId },
      UpdateExpression: [
        `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
        ...(remove.length > 0 ? [`REMOVE ${remove.join(", ")}`] : []),
      ].join(" "),
      ConditionExpression: only,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
        ...values,
      },
    }),
  );
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === "ConditionalCheckFailedException";
