/** The app that all scenarios share: a deployment and the first start of each function cost more than most of what they do. */
import { afterAll, beforeAll } from "vitest";
import { type Erasure, startErasure } from "../erasure.ts";

/** Each scenario has users and keys of its own, and takes away what it leaves in the dead letters. */
export let erasure: Erasure;
beforeAll(async () => {
  erasure = await startErasure({ IndexMinutes: "2", BackFillPageSize: "3", VacuumObjectsAtATime: "100" });
}, 120_000);
afterAll(() => erasure[Symbol.asyncDispose]());
