import { DeleteFunctionConcurrencyCommand, GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { proofs, type Use } from "#local/testing/proofs";
import { notificationOf, soundAlarm } from "./notification.ts";
import { resultOf, upload, type Way, WAYS } from "./ways.ts";

/** One upload with tags, an object and an event that are put aside, and a version that is gone. */
const useOf =
  (way: Way): Use =>
  async (app, id) => {
    const [good, bad] = [`${id}-good.txt`, `${id}-bad.txt`];
    const [gone, versionless] = [`${id}-gone.txt`, `${id}-versionless.txt`];
    // First what is invoked directly: a grant that is missing shows at once, without the retries of an event.
    const [entrance = ""] = way.functions;
    await app.invoke(entrance, notificationOf(app, way, gone, "IYV3p45BT0ac8hjHg1houSdS1aXMro8e"));
    await app.invoke(entrance, notificationOf(app, way, versionless, ""));
    // One after another, so that the function that is warm does it all.
    await upload(app, way, good, `${id}  `, { Tagging: "team=north" });
    await app.settle();
    await upload(app, way, bad, id, { ContentEncoding: "gzip" });
    await app.settle();
    expect(await resultOf(app, way, good)).toMatchObject({
      text: `${id}\n`,
      TagCount: 1,
      metadata: { "processing-rounds": "1" },
    });
    const messages = await app.messages("DeadLetters");
    const errorsOf = (part: string) =>
      new Set(
        messages
          .filter(({ Body = "" }) => Body.includes(part))
          .map(({ MessageAttributes: all }) => all?.["error"]?.StringValue),
      );
    // Sets: sending may be done while its answer is lost, and is then done again.
    expect(errorsOf(bad)).toEqual(new Set(["ObjectUnsuitable"]));
    expect(errorsOf(versionless)).toEqual(new Set(["ObjectUnsuitable"]));
    expect(errorsOf("DDBStreamBatchInfo")).toEqual(new Set());
  };

proofs("recursion-guards", {
  // Hundreds of uses within a minute of virtual time are no loop.
  parameters: { MostInvocationsAMinute: "1000000", MostAtOnce: "10000" },
  uses: {
    ...Object.fromEntries(WAYS.map((way) => [`a text is tidied by ${way.name}`, useOf(way)])),

    "the brake is pulled and released": async (app, id) => {
      const functions = WAYS.flatMap((way) => way.functions);
      const limits = () =>
        Promise.all(
          functions.map(async (name) => {
            const request = new GetFunctionConcurrencyCommand({ FunctionName: app.resource(name) });
            return (await app.client(LambdaClient).send(request)).ReservedConcurrentExecutions;
          }),
        );
      try {
        await soundAlarm(
          app,
          id,
          functions.map((name) => app.resource(name)),
        );
        await app.settle();
        await soundAlarm(app, id, [`none of ours ${id}`]);
        await app.settle();
        expect(await limits()).toEqual(functions.map(() => 0));
        await app.invoke("ReleaseBrake", { way: "all" });
        expect(await limits()).toEqual(functions.map(() => undefined));
      } finally {
        // The other uses go on when the brake could not be released.
        for (const name of functions) {
          const request = new DeleteFunctionConcurrencyCommand({ FunctionName: app.resource(name) });
          await app.client(LambdaClient).send(request);
        }
      }
      const mine = (await app.messages("DeadLetters")).filter(({ Body = "" }) => Body.includes(id));
      expect(mine.map(({ MessageAttributes: all }) => all?.["error"]?.StringValue)).toContain("AlarmForeign");
    },
  },
});
