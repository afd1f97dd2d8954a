import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { lookAtMessages } from "#local/testing/messages";
import type { Task, Work } from "#local/testing/work";
import { TARGETS, type Target } from "../src/request-event.ts";
import { noEvent, openWebhook } from "./webhook.ts";

/** A sender repeats a request with its key. The same key may go to each target once. */
const keyOf = (target: Target, id: string): string => `${target}-${id}`;

const receiptsOf = async (app: LocalApp, target: Target, id: string) =>
  (await openWebhook(app)).receipts(keyOf(target, id));

const arrivesAt = (target: Target): Task => ({
  steps: [
    async (app, id) => {
      const webhook = await openWebhook(app);
      await webhook.send(`?target=${target}`, { headers: { "idempotency-key": keyOf(target, id) } });
    },
  ],
  async done(app, id) {
    expect(await receiptsOf(app, target, id)).toMatchObject([{ target }]);
  },
  async sound(app, id) {
    for (const receipt of await receiptsOf(app, target, id)) expect(receipt).toMatchObject({ target });
  },
});

/** Of which targets the dead letters keep what was no event. */
async function targetsAside(app: LocalApp, id: string): Promise<Set<Target>> {
  const letters = await lookAtMessages(app.cloud, app.resource("DeadLetters"));
  return new Set(
    TARGETS.filter((target) => letters.some(({ Body = "" }) => Body.includes(`{"target":"${target}","id":"${id}"}`))),
  );
}

/** Epoch ms, by id. */
const handedIn = new Map<string, number>();

export const work: Work = {
  parameters: { RequestsPerSecond: "1000" },
  tasks: {
    "an event arrives at the function": arrivesAt("lambda"),
    "an event arrives at the state machine": arrivesAt("sfn"),
    "an event arrives at the API": arrivesAt("apigw"),
    "what somebody else puts onto the bus and is no event is put aside by each target": {
      steps: [
        async (app, id) => {
          const webhook = await openWebhook(app);
          handedIn.set(id, app.cloud.clock.now());
          for (const target of TARGETS) await webhook.hand(noEvent(target, id));
        },
      ],
      // What Lambda gives up and cannot put aside is gone (Capturing records of Lambda asynchronous invocations): the bus has archived it.
      async again(app, id) {
        const at = handedIn.get(id) ?? Number.NaN;
        if ((await targetsAside(app, id)).has("lambda")) return;
        await (await openWebhook(app)).replay(id, at - 1_000, at + 1_000);
      },
      async done(app, id) {
        expect(await targetsAside(app, id)).toEqual(new Set(TARGETS));
      },
    },
  },
};
