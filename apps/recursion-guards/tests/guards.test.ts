/** These scenarios share one deployment, as its functions start once then: each has objects of its own and leaves no message and no fault behind. */
import { afterAll, beforeAll, describe } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { invocations } from "./scenarios/invocations.ts";
import { ledger } from "./scenarios/ledger.ts";
import { objects } from "./scenarios/objects.ts";
import { trouble } from "./scenarios/trouble.ts";

let app: LocalApp;
beforeAll(async () => {
  // Many tests within a minute of virtual time are no loop.
  const parameters = { LargestBytes: "1000", MostInvocationsAMinute: "1000000", MostAtOnce: "10000" };
  app = await deploy("recursion-guards", { parameters });
});
afterAll(() => app[Symbol.asyncDispose]());

describe("objects", () => void objects(() => app));
describe("trouble", () => void trouble(() => app));
// These two let days pass, after which functions start anew.
describe("invocations", () => void invocations(() => app));
describe("ledger", () => void ledger(() => app));
