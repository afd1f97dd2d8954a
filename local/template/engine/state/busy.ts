/** One operation a stack at a time, whoever asks for it. */
import type { Cloud } from "../../../core/cloud.ts";

const busyStacks = new WeakMap<Cloud, Set<string>>();

/** The names of the stacks of a cloud that are being worked on in this process. */
export function busyIn(cloud: Cloud): Set<string> {
  const known = busyStacks.get(cloud);
  if (known) return known;
  const names = new Set<string>();
  busyStacks.set(cloud, names);
  return names;
}
