import { GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { NoSuchKey } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { takeMessages } from "#local/testing/messages";
import { recover } from "#local/testing/recover";
import type { Task, Work } from "#local/testing/work";
import { soundAlarm } from "./notification.ts";
import { resultOf, upload, versionsOf, type Way, WAYS, wayNamed } from "./ways.ts";

const good = (id: string) => `good-${id}.txt`;
const bad = (id: string) => `bad-${id}.txt`;

/** What lies where the result belongs, undefined when nothing does. */
async function found(app: LocalApp, way: Way, name: string) {
  try {
    return await resultOf(app, way, name);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const tidied = (way: Way): Task => ({
  steps: [
    async (app, id) => {
      await upload(app, way, good(id), `${id}  `, { Tagging: "team=north" });
      await upload(app, way, bad(id), id, { ContentEncoding: "gzip" });
    },
  ],
  async done(app, id) {
    expect(await found(app, way, good(id))).toMatchObject({
      text: `${id}\n`,
      TagCount: 1,
      metadata: { "processing-rounds": "1" },
    });
    const isMine = ({ Body = "" }) => Body.includes(bad(id));
    const letters = await takeMessages(app.cloud, app.resource("DeadLetters"), isMine);
    expect(new Set(letters.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue))).toEqual(
      new Set(["ObjectUnsuitable"]),
    );
  },
  async sound(app, id) {
    const result = await found(app, way, good(id));
    // An original is there until its result is, and neither is there twice.
    expect([`${id}  `, `${id}\n`]).toContain(result?.text ?? `${id}\n`);
    expect(["1", undefined]).toContain(result?.metadata["processing-rounds"]);
    expect(await versionsOf(app, way.results, good(id))).toBeLessThanOrEqual(
      way.stated === 1 && way.name !== "rule" ? 1 : 2,
    );
  },
});

const STOPPED = wayNamed("marker");
/** By ids: whose brake was seen to hold, and then released. */
const released = new Set<string>();

const limits = (app: LocalApp) =>
  Promise.all(
    STOPPED.functions.map(async (name) => {
      const request = new GetFunctionConcurrencyCommand({ FunctionName: app.resource(name) });
      return (await app.client(LambdaClient).send(request)).ReservedConcurrentExecutions;
    }),
  );
const release = (app: LocalApp) => app.invoke("ReleaseBrake", { way: STOPPED.name });

export const work: Work = {
  // All that is handed in within a minute of virtual time is no loop.
  parameters: { MostInvocationsAMinute: "1000000", MostAtOnce: "10000" },
  tasks: {
    "the brake is pulled by an alarm, and released by a person": {
      steps: [
        (app, id) =>
          soundAlarm(
            app,
            id,
            STOPPED.functions.map((name) => app.resource(name)),
          ),
        async (app, id) => {
          if ((await limits(app)).some((limit) => limit !== 0)) throw new Error("The brake does not hold");
          await release(app);
          released.add(id);
        },
      ],
      // The README: release the brake, then hand back what came while it held. It may have been pulled once more, late.
      async again(app) {
        await release(app);
        await recover(app.cloud, app.cloud.clock.now());
      },
      async done(app, id) {
        expect(released).toContain(id);
        expect(await limits(app)).toEqual(STOPPED.functions.map(() => undefined));
      },
    },
    ...Object.fromEntries(
      WAYS.map((way) => [`a text is tidied by ${way.name}, what is none is put aside`, tidied(way)]),
    ),
  },
};
