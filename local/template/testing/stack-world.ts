/** A cloud with fake resource providers and stacks on it. */
import { testCloud, type TestCloud } from "../../testing.ts";
import { createStacks, type Stacks } from "../stacks.ts";
import { fakeProviders, type Fakes } from "./fake-providers.ts";

export interface World {
  readonly cloud: TestCloud;
  readonly stacks: Stacks;
  readonly fakes: Fakes;
  /** Deploys the stack `shop` with these resources, in YAML indented by two. */
  deploy(resources: string, rest?: string): ReturnType<Stacks["deploy"]>;
}

export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  await using cloud = await testCloud();
  const fakes = fakeProviders();
  const stacks = createStacks(cloud, fakes.providerOf);
  const deploy = (resources: string, rest = "") =>
    stacks.deploy({ name: "shop", body: `Resources:\n${resources}\n${rest}` });
  await test({ cloud, stacks, fakes, deploy });
}

/** What happened to the stack `shop`: `A CREATE_COMPLETE`. */
export const statuses = (stacks: Stacks): string[] =>
  stacks.events("shop").map((event) => `${event.logicalId} ${event.status}`);
