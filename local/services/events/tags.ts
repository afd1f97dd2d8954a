import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { type Bus, type EventBridgeModule, type Rule, ruleKey, type Store } from "./store.ts";

export function tagHandlers(store: Store): Handlers<EventBridgeModule> {
  const find = (arn: string | undefined): { tags: Record<string, string>; save: () => void } => {
    const rule: Rule | undefined = [...store.rules.values()].find((candidate) => candidate.arn === arn);
    if (rule) return { tags: rule.tags, save: () => store.rules.set(ruleKey(rule.bus, rule.name), rule) };
    const bus: Bus | undefined = [...store.buses.values()].find((candidate) => candidate.arn === arn);
    if (bus) return { tags: bus.tags, save: () => store.buses.set(bus.name, bus) };
    throw new ServiceError("ResourceNotFoundException", `${arn ?? ""} does not exist.`);
  };
  return {
    TagResource({ ResourceARN, Tags = [] }) {
      const { tags, save } = find(ResourceARN);
      for (const { Key = "", Value = "" } of Tags) tags[Key] = Value;
      save();
      return {};
    },
    UntagResource({ ResourceARN, TagKeys = [] }) {
      const { tags, save } = find(ResourceARN);
      for (const key of TagKeys) delete tags[key];
      save();
      return {};
    },
    ListTagsForResource: ({ ResourceARN }) => ({
      Tags: Object.entries(find(ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}
