/** TagResource, UntagResource, ListTagsForResource: of state machines and activities. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import type { Store } from "./store.ts";

/** Tags a resource may have (Quotas, developer guide). */
const MAX_TAGS = 50;

export const tagsFrom = (tags: readonly SFN.Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ key = "", value = "" }) => [key, value]));

interface Tagged {
  tags: Record<string, string>;
}

function resourceAt(store: Store, arn: string | undefined): { resource: Tagged; keep: () => void } {
  const machine = store.machines.get(arn ?? "");
  if (machine) return { resource: machine, keep: () => store.machines.set(machine.arn, machine) };
  const activity = store.activities.get(arn ?? "");
  if (activity) return { resource: activity, keep: () => store.activities.set(activity.arn, activity) };
  if (!/^arn:aws[\w-]*:states:[^:]*:\d{12}:(stateMachine|activity):.+/.test(arn ?? ""))
    throw new ServiceError("InvalidArn", `Invalid Arn: '${arn ?? ""}'`);
  throw new ServiceError("ResourceNotFound", `Resource not found: '${arn ?? ""}'`, { detail: { resourceName: arn } });
}

export const tagResource =
  (store: Store): Handler<typeof SFN, "TagResource"> =>
  ({ resourceArn, tags }) => {
    const { resource, keep } = resourceAt(store, resourceArn);
    const all = { ...resource.tags, ...tagsFrom(tags) };
    if (Object.keys(all).length > MAX_TAGS)
      throw new ServiceError("TooManyTags", `Too Many Tags: '${resourceArn}'`, {
        detail: { resourceName: resourceArn },
      });
    resource.tags = all;
    keep();
    return {};
  };

export const untagResource =
  (store: Store): Handler<typeof SFN, "UntagResource"> =>
  ({ resourceArn, tagKeys }) => {
    const { resource, keep } = resourceAt(store, resourceArn);
    resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !tagKeys?.includes(key)));
    keep();
    return {};
  };

export const listTagsForResource =
  (store: Store): Handler<typeof SFN, "ListTagsForResource"> =>
  ({ resourceArn }) => ({
    tags: Object.entries(resourceAt(store, resourceArn).resource.tags).map(([key, value]) => ({ key, value })),
  });
