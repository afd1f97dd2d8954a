/** These scenarios share one deployment, as its functions start once then: each has keys of its own and leaves no message and no fault behind. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { bucketsOf } from "./buckets.ts";
import { order } from "./scenarios/order.ts";
import { patterns } from "./scenarios/patterns.ts";
import { trouble } from "./scenarios/trouble.ts";

let app: LocalApp;
/** What there was to complain of when it had just been deployed. */
let complaints: readonly unknown[];
beforeAll(async () => {
  app = await deploy("s3-event-patterns", {
    parameters: {
      AlarmEmail: "alarms@example.com",
      PersonEmail: "ada@example.com",
      PersonPhone: "+4712345678",
      TaggedEmail: "ops@example.com",
      LeastConfidence: "30",
      MostLabels: "4",
      MostBytes: "200000",
      MostPixels: "1000000",
      MaximumConcurrency: "2",
    },
  });
  await app.settle();
  const failed = await Promise.all(app.functions.map((name) => bucketsOf(app).logged(name, "record failed")));
  complaints = [...app.warnings, ...(await app.messages("DeadLetters")), ...failed.flat()];
});
afterAll(() => app[Symbol.asyncDispose]());

it("is deployed without warnings, and the test events of S3 disturb nobody", () => {
  expect(complaints).toEqual([]);
});
describe("patterns", () => void patterns(() => app));
describe("order", () => void order(() => app));
describe("trouble", () => void trouble(() => app));
