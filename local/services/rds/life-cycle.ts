/**
 * How a database moves from one status to the next on the clock. What is stopped is started again by AWS after seven days
 * (Stopping an Amazon RDS DB instance temporarily).
 */
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { announce } from "./events.ts";
import type { Cluster, Instance, Status, Store } from "./store.ts";

const MINUTE = 60_000;
/** About what they take in practice; AWS promises nothing. */
const DURATION: Readonly<Partial<Record<Status, number>>> = {
  creating: 6 * MINUTE,
  "backing-up": 2 * MINUTE,
  starting: 7 * MINUTE,
  stopping: 4 * MINUTE,
  modifying: 3 * MINUTE,
  deleting: 3 * MINUTE,
};
const MAXIMUM_STOPPED_MS = 7 * 86_400_000;

export interface LifeCycle {
  /** Enters a status that ends by itself after its usual time. */
  enter(resource: Instance | Cluster, status: Status, then: Status): void;
  /** Sets the timers of what was under way before a restart. */
  resume(): void;
}

export function createLifeCycle(cloud: Cloud, store: Store): LifeCycle {
  const timers = new Map<string, Cancel>();
  const restarts = new Map<string, Cancel>();
  const keyOf = (resource: Instance | Cluster) => `${resource.kind}/${resource.id}`;
  const current = (resource: Instance | Cluster) =>
    (resource.kind === "instance" ? store.instances : store.clusters).get(resource.id);

  const cancel = (map: Map<string, Cancel>, key: string) => {
    map.get(key)?.();
    map.delete(key);
  };

  function enter(resource: Instance | Cluster, status: Status, then: Status): void {
    cancel(restarts, keyOf(resource));
    resource.status = status;
    resource.automaticRestartAt = undefined;
    resource.next = { at: cloud.clock.now() + (DURATION[status] ?? 0), status: then };
    store.save(resource);
    arm(resource);
  }

  function arm(resource: Instance | Cluster): void {
    const key = keyOf(resource);
    cancel(timers, key);
    if (resource.next)
      timers.set(
        key,
        cloud.clock.at(resource.next.at, () => arrive(resource)),
      );
    if (resource.automaticRestartAt !== undefined) {
      restarts.set(
        key,
        cloud.clock.at(resource.automaticRestartAt, () => autoStart(resource), { background: true }),
      );
    }
  }

  function arrive(given: Instance | Cluster): void {
    const resource = current(given);
    if (!resource?.next) return;
    const from = resource.status;
    const { status } = resource.next;
    resource.next = undefined;
    if (from === "deleting") {
      (resource.kind === "instance" ? store.instances : store.clusters).delete(resource.id);
      announce(cloud, resource, "deleted");
      return;
    }
    resource.status = status;
    if (status === "stopped") {
      const belongsToCluster = resource.kind === "instance" && resource.clusterId !== undefined;
      if (!belongsToCluster) resource.automaticRestartAt = cloud.clock.now() + MAXIMUM_STOPPED_MS;
      announce(cloud, resource, "stopped");
    }
    if (from === "creating") announce(cloud, resource, "created");
    if (from === "starting") announce(cloud, resource, "started");
    store.save(resource);
    arm(resource);
  }

  function autoStart(given: Instance | Cluster): void {
    const resource = current(given);
    if (resource?.status !== "stopped") return;
    announce(cloud, resource, "autoStart");
    enter(resource, "starting", "available");
    if (resource.kind === "cluster")
      for (const member of store.members(resource.id)) enter(member, "starting", "available");
  }

  return {
    enter,
    resume() {
      for (const resource of [...store.instances.values(), ...store.clusters.values()]) arm(resource);
    },
  };
}
