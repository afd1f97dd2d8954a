import { createHash } from "node:crypto";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler, Input, Output } from "../../../core/service.ts";
import { Constraints, required } from "../../constraints.ts";
import { CapacityMeter } from "../items/capacity.ts";
import { collectionMetrics } from "../items/collection-metrics.ts";
import { conditionHolds, prepareWrite, type Write, type WriteInput, type WriteKind } from "../items/write.ts";
import type { DynamoDB, Tables } from "../store.ts";
import type { Table } from "../tables/table.ts";
import { invalid } from "../validation.ts";
import { itemSize } from "../values/size.ts";
import type { Item } from "../values/value.ts";
import { type CancellationReason, checkReasons, conditionFailed, NO_REASON, reasonOf } from "./cancelled.ts";

const MOST_ACTIONS = 100;
const LARGEST_TRANSACTION = 4 * 1024 * 1024;
/** How long a token makes a repeated request harmless ("Amazon DynamoDB Transactions": idempotency). */
const TOKEN_LIFE = 10 * 60 * 1000;

interface SeenToken {
  readonly digest: string;
  /** Epoch ms. */
  readonly at: number;
}

interface Step {
  readonly write: Write;
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

type TransactInput = Input<DynamoDB, "TransactWriteItems">;

/** All writes or none. */
export function transactWriteItems(tables: Tables): Handler<DynamoDB, "TransactWriteItems"> {
  const tokens = tables.cloud.storage.map<SeenToken>("dynamodb.tokens");
  return (input) => {
    const items = required("transactItems", input.TransactItems);
    new Constraints().list("transactItems", items, { min: 1, max: MOST_ACTIONS }).check();
    new Constraints().text("clientRequestToken", input.ClientRequestToken, { min: 1, max: 36 }).check();
    const writes = items.map((item) => prepareWrite(tables, ...actionOf(item)));
    const token = input.ClientRequestToken;
    const now = tables.cloud.clock.now();
    for (const [seen, { at }] of tokens.entries()) {
      if (at > now - TOKEN_LIFE) break;
      tokens.delete(seen);
    }
    const digest = token === undefined ? "" : digestOf(items);
    const seen = token === undefined ? undefined : tokens.get(token);
    if (seen && seen.digest !== digest) {
      throw new ServiceError(
        "IdempotentParameterMismatchException",
        "The transaction's parameters do not match those of an earlier request with the same ClientRequestToken.",
      );
    }
    if (seen) return answerRepeated(writes, input);
    const steps = plan(writes);
    for (const { write, key, after } of steps) write.table.write(key, after);
    if (token !== undefined) tokens.set(token, { digest, at: now });
    return answer(steps, input);
  };
}

/** Looks at every member first; nothing is written when one of them cannot be. */
function plan(writes: readonly Write[]): Step[] {
  const located = writes.map((write) => {
    try {
      return { write, key: write.locate() };
    } catch (error) {
      return { write, reason: reasonOf(error) };
    }
  });
  const seen = new Map<Table, Set<string>>();
  for (const { write, key } of located) {
    if (key === undefined) continue;
    const keys = seen.get(write.table) ?? new Set();
    if (keys.has(key)) throw invalid("Transaction request cannot include multiple operations on one item");
    seen.set(write.table, keys.add(key));
  }
  const outcomes = located.map((member): Step | CancellationReason =>
    member.key === undefined ? member.reason : step(member.write, member.key),
  );
  checkReasons(outcomes.map((outcome) => ("Code" in outcome ? outcome : NO_REASON)));
  const steps = outcomes.filter((outcome): outcome is Step => "write" in outcome);
  const size = steps.reduce((sum, { before, after }) => sum + Math.max(sizeOf(before), sizeOf(after)), 0);
  if (size > LARGEST_TRANSACTION) throw invalid("The aggregate size of the items in the transaction exceeds 4 MB");
  return steps;
}

function step(write: Write, key: string): Step | CancellationReason {
  const before = write.table.get(key);
  if (!conditionHolds(write, before)) return conditionFailed(write.showsItemOnFailure ? before : undefined);
  try {
    return { write, key, before, after: write.next(before) };
  } catch (error) {
    return reasonOf(error);
  }
}

const sizeOf = (item: Item | undefined): number => (item ? itemSize(item) : 0);

function actionOf(item: NonNullable<TransactInput["TransactItems"]>[number]): [WriteKind, WriteInput] {
  const { Put: put, Update: update, Delete: deletion, ConditionCheck: check } = item;
  const given = [put, update, deletion, check].filter((action) => action !== undefined);
  if (given.length !== 1) {
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  if (put) return ["put", put];
  if (deletion) return ["delete", deletion];
  if (check) return ["check", check];
  required("updateExpression", update?.UpdateExpression);
  return ["update", update ?? {}];
}

/** The same for the same request, whatever the order in which members of objects come. */
const digestOf = (items: unknown): string => createHash("sha256").update(canonical(items)).digest("base64");

/** Written by hand, texts with their lengths rather than quoted: a hundred items are thousands of small objects, most of them with one member. */
function canonical(value: unknown): string {
  if (typeof value === "string") return `${value.length}"${value}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString("base64")}>`;
  const members = value as Readonly<Record<string, unknown>>; // any object has members by name
  const names = Object.keys(members);
  if (names.length > 1) names.sort();
  let text = "{";
  for (const name of names) {
    const member = members[name];
    if (member !== undefined) text += `${name.length}"${name}:${canonical(member)},`;
  }
  return `${text}}`;
}

function answer(steps: readonly Step[], input: TransactInput): Output<DynamoDB, "TransactWriteItems"> {
  const meter = new CapacityMeter(input.ReturnConsumedCapacity, { transaction: true });
  const metrics: NonNullable<Output<DynamoDB, "TransactWriteItems">["ItemCollectionMetrics"]> = {};
  for (const { write, before, after } of steps) {
    meter.write(write.table, before, after);
    const found = collectionMetrics(write.table, after ?? before, input.ReturnItemCollectionMetrics);
    if (found.ItemCollectionMetrics) (metrics[write.table.record.name] ??= []).push(found.ItemCollectionMetrics);
  }
  return { ...meter.all(), ...(Object.keys(metrics).length > 0 ? { ItemCollectionMetrics: metrics } : {}) };
}

/** A repeated request writes nothing and costs what reading its items does. */
function answerRepeated(writes: readonly Write[], input: TransactInput): Output<DynamoDB, "TransactWriteItems"> {
  const meter = new CapacityMeter(input.ReturnConsumedCapacity, { transaction: true });
  for (const write of writes) meter.read(write.table, sizeOf(write.table.get(write.locate())), true);
  return meter.all();
}
