/** Events that come twice, too late or for nothing, and dependencies that fail. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { notificationOf } from "../notification.ts";
import { invocationsOf, resultOf, upload, versionsOf, type Way, WAYS } from "../ways.ts";

export function trouble(deployed: () => LocalApp): void {
  let app: LocalApp;
  beforeEach(() => void (app = deployed()));

  /** The function that S3 or the rule notifies. */
  const entrance = ({ functions }: Way): string => functions[0] ?? "";
  const state = async (way: Way, name: string) => {
    const { text, metadata } = await resultOf(app, way, name);
    return [way.name, text, metadata["processing-rounds"], await versionsOf(app, way.results, name)];
  };
  const done = (text: string) =>
    WAYS.map((way) => [way.name, text, "1", way.bucket === way.results && way.name !== "prefix" ? 2 : 1]);

  describe("the event of an upload", () => {
    it("that comes again, once and twice at the same moment, changes nothing", async () => {
      const versions = await Promise.all(WAYS.map((way) => upload(app, way, "0.txt", "a  ")));
      await app.settle();
      for (const [index, way] of WAYS.entries()) {
        const event = notificationOf(app, way, "0.txt", versions[index] ?? "");
        await app.invoke(entrance(way), event);
        await Promise.all([1, 2].map(() => app.invoke(entrance(way), event)));
      }
      await app.settle();
      expect(await Promise.all(WAYS.map((way) => state(way, "0.txt")))).toEqual(done("a\n"));
    });

    it("that comes twice before anything was done leads to one result", async () => {
      const twice = WAYS.map(async (way) => {
        const version = await upload(app, way, "1.txt", "a  ");
        const event = notificationOf(app, way, "1.txt", version);
        await Promise.all([1, 2].map(() => app.invoke(entrance(way), event)));
      });
      await Promise.all(twice);
      await app.settle();
      // Our events have a sequencer that S3's own has not, so results in another place may be written once for each.
      const overwritten = (all: unknown[][]) =>
        all.map((each) => (each[3] === 2 || each[3] === 1 ? each.slice(0, 3) : each));
      expect(overwritten(await Promise.all(WAYS.map((way) => state(way, "1.txt"))))).toEqual(overwritten(done("a\n")));
    });

    it("that comes after that of a newer upload does not bring the old text back", async () => {
      const first = await Promise.all(WAYS.map((way) => upload(app, way, "2.txt", "old  ")));
      await app.settle();
      await Promise.all(WAYS.map((way) => upload(app, way, "2.txt", "new  ")));
      await app.settle();
      for (const [index, way] of WAYS.entries())
        await app.invoke(entrance(way), notificationOf(app, way, "2.txt", first[index] ?? "", "0000000001"));
      await app.settle();
      expect(await Promise.all(WAYS.map(async (way) => (await resultOf(app, way, "2.txt")).text))).toEqual(
        WAYS.map(() => "new\n"),
      );
    });

    it("of an object that was deleted meanwhile does not bring it back", async () => {
      const overwriting = WAYS.filter((way) => way.bucket === way.results && way.name !== "prefix");
      for (const way of overwriting) {
        await upload(app, way, "3.txt", "a  ");
        const place = { Bucket: app.resource(way.bucket), Key: "3.txt" };
        await app.client(S3Client).send(new DeleteObjectCommand(place));
      }
      await app.settle();
      for (const way of overwriting) await expect(resultOf(app, way, "3.txt")).rejects.toThrow("does not exist");
      expect(await app.messages("DeadLetters")).toEqual([]);
    });

    it("of a version that is gone leaves nothing to do", async () => {
      for (const way of WAYS)
        await app.invoke(entrance(way), notificationOf(app, way, "gone.txt", "IYV3p45BT0ac8hjHg1houSdS1aXMro8e"));
      await app.settle();
      expect(await app.messages("DeadLetters")).toEqual([]);
    });
  });

  describe("several records in one event", () => {
    it("are all looked at; the bad one is put aside", async () => {
      for (const way of WAYS.filter(({ name }) => name !== "rule")) {
        const records = [];
        for (const name of ["first.txt", "bad.txt", "last.txt"]) {
          const version = await upload(app, way, name, "a  ", name === "bad.txt" ? { ContentEncoding: "br" } : {});
          records.push(...notificationOf(app, way, name, version).Records);
        }
        // Told apart from what S3 itself sends: these come first, all in one.
        await app.invoke(entrance(way), { Records: records });
      }
      await app.settle();
      for (const way of WAYS.filter(({ name }) => name !== "rule"))
        for (const name of ["first.txt", "last.txt"])
          expect((await state(way, name)).slice(0, 3)).toEqual([way.name, "a\n", "1"]);
      const errors = (await app.messages("DeadLetters")).map(
        ({ MessageAttributes: all }) => all?.["error"]?.StringValue,
      );
      expect(new Set(errors)).toEqual(new Set(["ObjectUnsuitable"]));
    });
  });

  describe("a dependency that fails for longer than the SDK tries", () => {
    it.each([
      ["s3", "GetObject"],
      ["s3", "PutObject"],
      ["dynamodb", "PutItem"],
      ["dynamodb", "UpdateItem"],
    ])("%s %s loses nothing: Lambda tries again", async (service, operation) => {
      const fault = app.cloud.faults.add({
        service,
        operation,
        error: { name: "InternalError", status: 500 },
        times: 30,
        role: "Tidy",
      });
      const alsoRecording = app.cloud.faults.add({
        service,
        operation,
        error: { name: "InternalError", status: 500 },
        times: 7,
        role: "RecordUpload",
      });
      const key = `${service} ${operation}.txt`;
      const ways = WAYS.filter(({ name }) => service === "s3" || name === "ledger");
      for (const way of ways) await upload(app, way, key, "a  ");
      await app.settle();
      expect(fault.hits + alsoRecording.hits).toBeGreaterThanOrEqual(7);
      for (const way of ways) expect((await state(way, key)).slice(1, 3)).toEqual(["a\n", "1"]);
      expect(await app.messages("DeadLetters")).toEqual([]);
      for (const each of [fault, alsoRecording]) each.remove();
    });

    it("is given up after three tries, and the event is kept", async () => {
      const way = WAYS[0];
      if (!way) throw new Error("There are no ways");
      const before = await invocationsOf(app, way);
      const fault = app.cloud.faults.add({
        service: "s3",
        operation: "GetObject",
        error: { name: "InternalError", status: 500 },
        role: "Tidy",
      });
      await upload(app, way, "7.txt", "a  ");
      await app.settle();
      const [message] = await app.messages("DeadLetters");
      expect(JSON.parse(message?.Body ?? "")).toMatchObject({
        requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
        requestPayload: { Records: [{ s3: { object: { key: "7.txt" } } }] },
      });
      expect((await invocationsOf(app, way)) - before).toBe(3);
      fault.remove();
    });
  });

  describe("others who write to the place of the result", () => {
    it("lose to nothing but a newer original", async () => {
      const way = WAYS[0];
      if (!way) throw new Error("There are no ways");
      const place = { Bucket: app.resource(way.results), Key: "8.txt" };
      await app.client(S3Client).send(new PutObjectCommand({ ...place, Body: "somebody else's" }));
      await upload(app, way, "8.txt", "a  ");
      await app.settle();
      expect(await state(way, "8.txt")).toEqual([way.name, "a\n", "1", 2]);
    });
  });
}
