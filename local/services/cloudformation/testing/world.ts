/** A cloud with fake resource types, and a CloudFormation client on it. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import type { ServiceEntry } from "../../../core/service.ts";
import { type Fakes, fakeProviders } from "../../../template/testing/fake-providers.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { expect } from "vitest";
import { SERVICES } from "../../index.ts";

export interface World {
  readonly cloud: TestCloud;
  readonly fakes: Fakes;
  readonly client: CloudFormationClient;
  /** The stack once nothing is in progress. */
  settled(name?: string): Promise<Stack>;
}

const TYPES = ["Fake::Thing", "Fake::Fixed"];

export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  const fakes = fakeProviders();
  const fakeService: ServiceEntry = {
    id: "fake",
    signingName: "fake",
    protocol: "json",
    resources: TYPES,
    async load() {
      const providers = await Promise.all(TYPES.map(async (type) => [type, await fakes.providerOf(type)] as const));
      const resources = Object.fromEntries(
        providers.flatMap(([type, provider]) => (provider ? [[type, provider]] : [])),
      );
      return { create: () => ({ sdk: {}, handlers: {}, resources }) };
    },
  };
  await using cloud = await testCloud({ services: [...SERVICES, fakeService] });
  const client = cloud.client(CloudFormationClient);
  const settled = async (name = "shop") => {
    for (let tries = 0; tries < 200; tries++) {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
      const [stack] = Stacks;
      if (stack && !stack.StackStatus?.endsWith("_IN_PROGRESS")) return stack;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`the stack ${name} is still in progress`);
  };
  await test({ cloud, fakes, client, settled });
}

/** A gate at which fake resources wait: `fakes.before = gate.wait`. */
export function closedGate(): { readonly wait: () => Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: () => promise, open: () => resolve() };
}

export const thing = (id: string, properties: Readonly<Record<string, unknown>> = {}, type = "Fake::Thing") => ({
  [id]: { Type: type, Properties: properties },
});

export const templateOf = (
  resources: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>> = {},
): string => JSON.stringify({ Resources: resources, ...rest });

/** Matches a message: the whole of a text, or an expression. */
export const saying = (message: string | RegExp): unknown =>
  expect.stringMatching(
    typeof message === "string" ? new RegExp(`^${message.replace(/[[\](){}.*+?^$|\\]/g, "\\$&")}$`) : message,
  );

/** What a call that is refused with 400 is rejected with. */
export const failsWith = (name: string, message: string | RegExp): unknown =>
  expect.objectContaining({
    name,
    message: saying(message),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  });
