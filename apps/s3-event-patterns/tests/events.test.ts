import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { type Buckets, bucketsOf } from "./buckets.ts";

let app: LocalApp;
let buckets: Buckets;
beforeAll(async () => {
  app = await deploy("s3-event-patterns", { parameters: { PersonEmail: "ada@example.com" } });
  buckets = bucketsOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const ALL_DONE = { batchItemFailures: [] };

describe("the sample events", () => {
  it("of an upload that S3 sends directly: of a version that is not there any more no labels are made", async () => {
    expect(await app.invoke("TagDirect", app.sample("tag-direct.json"))).toBeNull();
    expect(await buckets.row("DirectBucket", "pictures/five people.jpg")).toBeUndefined();
  });

  it("without a place in the order: the function fails, and says which field is missing", async () => {
    await expect(app.invoke("TagDirect", app.sample("tag-direct.bad.json"))).rejects.toMatchObject({
      name: "InputInvalid",
      message: "object.sequencer: missing",
    });
  });

  it.each([
    ["of a queue, S3's test event among them", "TagQueued", "tag-queued.json"],
    ["of a topic in a queue", "MakeSmall", "make-small.json"],
    ["of the bus in a queue", "MakeMedium", "make-medium.json"],
    ["of a topic that delivers raw", "MakeLarge", "make-large.json"],
    ["of removals by topic and by bus", "RemoveResolutions", "remove-resolutions.json"],
  ])("%s: of pictures that are not there nothing is made", async (_name, name, file) => {
    expect(await app.invoke(name, app.sample(file))).toEqual(ALL_DONE);
    expect(await buckets.reasons()).toEqual([]);
    expect(await buckets.resolutions("FanOutBucket", "photos/five people.jpg")).toEqual([]);
  });

  it.each([
    ["TagQueued", "tag-queued.bad.json", "InputInvalid: s3.object.key: not a URL-encoded key"],
    ["MakeSmall", "make-small.bad.json", "KeyRefused: The key holds . or .. as a folder"],
    ["MakeMedium", "make-medium.bad.json", "InputInvalid: object.eTag: missing"],
    ["MakeLarge", "make-large.bad.json", "InputInvalid: object.sequencer: not 1 to 32 hexadecimal digits"],
    ["RemoveResolutions", "remove-resolutions.bad.json", "InputInvalid: object.sequencer: missing"],
    ["TellPeople", "tell-people.bad.json", expect.stringContaining("InputInvalid: Records[0]")],
  ])("that %s cannot act on are put aside with the reason", async (name, file, reason) => {
    expect(await app.invoke(name, app.sample(file))).toEqual(ALL_DONE);
    expect(await buckets.reasons()).toEqual([reason]);
  });

  it("of a file for people: they are told", async () => {
    expect(await app.invoke("TellPeople", app.sample("tell-people.json"))).toEqual(ALL_DONE);
    expect(app.outbox.map(({ subject }) => subject)).toEqual(["May 2030.txt was uploaded"]);
  });
});
