/** A table of idempotency records in memory: the four calls that Powertools makes, with the one condition that it makes them under. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

export class IdempotencyTable {
  readonly items = new Map<string, Item>();
  /** Errors that the next calls of a kind meet. */
  readonly failing = new Map<"Put" | "Update" | "Delete", Error>();

  /** In the place of `client.send`. */
  readonly send = async (command: unknown): Promise<object> => {
    await Promise.resolve();
    if (command instanceof PutItemCommand)
      return this.#put(command.input.Item ?? {}, command.input.ExpressionAttributeValues ?? {});
    if (command instanceof UpdateItemCommand) return this.#update(command);
    if (command instanceof DeleteItemCommand) return this.#delete(command);
    if (command instanceof GetItemCommand) return { Item: this.items.get(idOf(command.input.Key)) };
    throw new Error("The idempotency table knows no such call");
  };

  #put(item: Item, values: Item): object {
    this.#meet("Put");
    const before = this.items.get(idOf(item));
    if (before) {
      const isExpired = numberOf(before.expiration) < numberOf(values[":now"]);
      const isAbandoned =
        before.status?.S === values[":inprogress"]?.S &&
        numberOf(before.in_progress_expiration) < numberOf(values[":now_in_millis"]);
      if (!isExpired && !isAbandoned) {
        throw new ConditionalCheckFailedException({
          message: "The conditional request failed",
          $metadata: {},
          Item: before,
        });
      }
    }
    this.items.set(idOf(item), item);
    return {};
  }

  /** `SET #name = :value, ...` */
  #update({ input }: UpdateItemCommand): object {
    this.#meet("Update");
    const item = { ...(this.items.get(idOf(input.Key)) ?? input.Key) };
    for (const [, name = "", value = ""] of (input.UpdateExpression ?? "").matchAll(/(#\w+) = (:\w+)/g)) {
      const given = input.ExpressionAttributeValues?.[value];
      if (given) item[input.ExpressionAttributeNames?.[name] ?? name] = given;
    }
    this.items.set(idOf(input.Key), item);
    return {};
  }

  #delete({ input }: DeleteItemCommand): object {
    this.#meet("Delete");
    this.items.delete(idOf(input.Key));
    return {};
  }

  #meet(kind: "Put" | "Update" | "Delete"): void {
    const error = this.failing.get(kind);
    if (error) throw error;
  }
}

const idOf = (key: Item | undefined): string => key?.id?.S ?? "";
const numberOf = (value: AttributeValue | undefined): number => Number(value?.N);
