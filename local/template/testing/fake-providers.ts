/** Resource providers that remember what was asked of them, for tests of the stack engine. */
import type { Properties, ResourceProvider, ResourceState } from "../../core/service.ts";
import type { ProviderOf } from "../engine/state/session.ts";

export interface Fakes {
  readonly providerOf: ProviderOf;
  /** What was done, in order: `create Queue`, `update Queue`, `delete Queue-1`. */
  readonly calls: string[];
  /** Properties of what exists, by physical id. */
  readonly existing: Map<string, Properties>;
  /** Runs in every call before anything is done; throws to make it fail. */
  before: (call: string, properties: Properties) => void | Promise<void>;
}

/**
 * Every type below `Fake::` exists. Physical ids are `<logicalId>-<n>`. Changing `Name` replaces; types ending in `Fixed` have
 * no update. Attributes: `Arn`, `Endpoint.Address` and what `Attributes` holds.
 */
export function fakeProviders(): Fakes {
  const calls: string[] = [];
  const existing = new Map<string, Properties>();
  let count = 0;
  const fakes: Fakes = { providerOf, calls, existing, before: () => {} };
  return fakes;

  async function note(call: string, properties: Properties): Promise<void> {
    calls.push(call);
    await fakes.before(call, properties);
  }

  function state(physicalId: string, properties: Properties): ResourceState {
    existing.set(physicalId, properties);
    return { physicalId, attributes: { Arn: `arn:fake:${physicalId}`, "Endpoint.Address": `${physicalId}.local` } };
  }

  async function providerOf(type: string): Promise<ResourceProvider | undefined> {
    if (!type.startsWith("Fake::")) return undefined;
    const update: ResourceProvider["update"] = async (physicalId, properties, previous) => {
      if (properties["Name"] !== previous["Name"]) return "replace";
      await note(`update ${physicalId}`, properties);
      return state(physicalId, properties);
    };
    return {
      known: { Name: true, Value: true, Other: true, Nested: { Inner: true }, List: [{ Key: true }], Code: true },
      create: async (properties, context) => {
        await note(`create ${context.logicalId}`, properties);
        return state(`${context.logicalId}-${++count}`, properties);
      },
      ...(type.endsWith("Fixed") ? {} : { update }),
      delete: async (physicalId, properties) => {
        await note(`delete ${physicalId}`, properties);
        existing.delete(physicalId);
      },
    };
  }
}
