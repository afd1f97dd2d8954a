/** What the handlers of the console's API work with. */
import type { LocalCloud } from "../cloud.ts";
import { ACCOUNT } from "../core/principal.ts";
import type { Input, OperationName, Output } from "../core/service.ts";
import type { Sdk, ServiceId } from "../core/sdk.ts";
import type { Stacks } from "../template/stacks.ts";
import { Changes } from "./changes.ts";

/** The resource of an app that has a physical id. */
export interface Owner {
  readonly app: string;
  readonly logicalId: string;
}

export class ConsoleContext {
  readonly cloud: LocalCloud;
  readonly stacks: Stacks;
  readonly changes: Changes;

  constructor(cloud: LocalCloud, stacks: Stacks) {
    this.cloud = cloud;
    this.stacks = stacks;
    this.changes = new Changes(cloud, stacks);
  }

  /** Looks something up; it does not show among the recent calls. Throws ServiceError. */
  async read<S extends ServiceId, O extends OperationName<Sdk[S]>>(
    service: S,
    operation: O,
    input: Input<Sdk[S], O>,
  ): Promise<Output<Sdk[S], O>> {
    try {
      return await this.cloud.call(service, operation, input, ACCOUNT);
    } finally {
      this.changes.conceal(service, String(operation));
    }
  }

  /** As `read`; undefined when AWS has an error for "there is none" (no lifecycle, no tags). */
  async readIfThere<S extends ServiceId, O extends OperationName<Sdk[S]>>(
    service: S,
    operation: O,
    input: Input<Sdk[S], O>,
  ): Promise<Output<Sdk[S], O> | undefined> {
    return this.read(service, operation, input).catch(() => undefined);
  }

  /** Does what the person at the page asked for, as the account. While it blocks, virtual time may move. Throws ServiceError. */
  act<S extends ServiceId, O extends OperationName<Sdk[S]>>(
    service: S,
    operation: O,
    input: Input<Sdk[S], O>,
  ): Promise<Output<Sdk[S], O>> {
    return this.cloud.clock.waiting(this.cloud.call(service, operation, input, ACCOUNT));
  }

  /** Which app a physical id (name, ARN, URL) belongs to. A policy has the id of the bucket or queue that it is for. */
  owners(): ReadonlyMap<string, Owner> {
    return new Map(
      this.stacks
        .list()
        .flatMap((stack) =>
          Object.values(stack.resources).flatMap(({ physicalId, logicalId, type }) =>
            type.endsWith("Policy") ? [] : [[physicalId, { app: stack.name, logicalId }] as const],
          ),
        ),
    );
  }
}

/** Reads page after page until there is no token any more, at most `most` items. */
export async function allPages<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
  most = 2_000,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await read(token);
    found.push(...items);
    token = next;
  } while (token !== undefined && found.length < most);
  return found;
}
