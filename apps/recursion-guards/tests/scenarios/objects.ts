/** What becomes of objects, by any way and by each. */
import { HeadObjectCommand, GetObjectTaggingCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { invocationsOf, resultOf, upload, versionsOf, type Way, WAYS, wayNamed } from "../ways.ts";

export function objects(deployed: () => LocalApp): void {
  let app: LocalApp;
  beforeEach(() => void (app = deployed()));

  const reasons = async () =>
    (await app.messages("DeadLetters")).map(({ MessageAttributes: all }) => [
      all?.["error"]?.StringValue,
      all?.["reason"]?.StringValue,
    ]);

  /** Does something by all ways, lets it settle, and tells what became of it by way. */
  async function byAllWays<T>(
    put: (way: Way) => Promise<unknown>,
    look: (way: Way) => Promise<T>,
  ): Promise<[string, T][]> {
    await Promise.all(WAYS.map(put));
    await app.settle();
    return Promise.all(WAYS.map(async (way): Promise<[string, T]> => [way.name, await look(way)]));
  }
  const forAllWays = (expected: unknown) => WAYS.map(({ name }) => [name, expected]);

  describe("a result, by any way", () => {
    it("keeps type, headers, metadata and tags of its original", async () => {
      const headers = {
        ContentType: "text/plain; charset=utf-8",
        CacheControl: "max-age=60",
        ContentDisposition: 'attachment; filename="kept.txt"',
        ContentLanguage: "nb",
        StorageClass: "STANDARD_IA",
        WebsiteRedirectLocation: "/other.txt",
      } as const;
      const more = {
        Expires: new Date("2031-01-01T00:00:00Z"),
        Metadata: { owner: "me" },
        Tagging: "team=north%20wing&cost=1",
      };
      const results = await byAllWays(
        (way) => upload(app, way, "kept.txt", "a  ", { ...headers, ...more }),
        async (way) => {
          const place = { Bucket: app.resource(way.results), Key: "kept.txt" };
          const { TagSet = [] } = await app.client(S3Client).send(new GetObjectTaggingCommand(place));
          return {
            ...(await resultOf(app, way, "kept.txt")),
            tags: Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value])),
          };
        },
      );
      const kept = {
        ...headers,
        text: "a\n",
        ExpiresString: "Wed, 01 Jan 2031 00:00:00 GMT",
        metadata: expect.objectContaining({ owner: "me", "processing-rounds": "1" }),
        tags: { team: "north wing", cost: "1" },
      };
      expect(results).toMatchObject(forAllWays(kept));
    });

    it("has the key of its original as it is", async () => {
      const names = [
        "a/b/c.txt",
        "50% + größer/文件 1.txt",
        "%2e%2e%2f.txt",
        "__proto__.txt",
        "line\nbreak.txt",
        "original.txt",
        `${"long/".repeat(200)}x.txt`,
      ];
      for (const name of names) {
        const texts = await byAllWays(
          (way) => upload(app, way, name, "a  "),
          async (way) => (await resultOf(app, way, name)).text,
        );
        expect(texts).toEqual(forAllWays("a\n"));
      }
    });

    it("is not made of other kinds of files", async () => {
      const before = await Promise.all(WAYS.map((way) => invocationsOf(app, way)));
      const names = ["a.png", "a.txt.bak", "a.TXT", "txt"];
      const after = await byAllWays(
        (way) => Promise.all(names.map((name) => upload(app, way, name, "a  "))),
        (way) => invocationsOf(app, way),
      );
      expect(after.map(([, count]) => count)).toEqual(before);
    });

    it.each([
      ["over the limit by one byte", "x".repeat(1001), {}, "The object has 1001 bytes, at most 1000 are processed"],
      ["not UTF-8", new Uint8Array([0xff, 0x41]), {}, "The object is not text in UTF-8"],
      [
        "compressed",
        "a",
        { ContentEncoding: "gzip" },
        "The object is compressed (Content-Encoding), which is not text",
      ],
      [
        "without room for metadata",
        "a",
        { Metadata: { a: "x".repeat(2033) } },
        "The object's metadata leave no room for what the guard has to write there",
      ],
    ])(
      "is not made of an object that is %s: it is put aside, once, with its reason",
      async (name, body, more, reason) => {
        const [bad, good] = [`${name}.txt`, `${name}, neighbour.txt`];
        const largest = `${"x".repeat(998)} \n`;
        const results = await byAllWays(
          (way) => Promise.all([upload(app, way, bad, body, more), upload(app, way, good, largest)]),
          async (way) => [await versionsOf(app, way.bucket, way.key(bad)), (await resultOf(app, way, good)).text],
        );
        expect(results).toEqual(forAllWays([1, `${"x".repeat(998)}\n`]));
        expect(await reasons()).toEqual(WAYS.map(() => ["ObjectUnsuitable", reason]));
      },
    );
  });

  describe("the prefix", () => {
    const way = wayNamed("prefix");

    it("starts nothing where it is missing, as an example command of the original forgot", async () => {
      const before = await invocationsOf(app, way);
      const Bucket = app.resource("PrefixBucket");
      for (const Key of ["sample.txt", "originals/sample.txt", "deep/original/sample.txt"])
        await app.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body: "a" }));
      await app.settle();
      expect(await invocationsOf(app, way)).toBe(before);
    });

    it("is refused twice in a row, for the result would start the function again", async () => {
      await upload(app, way, "original/twice.txt", "a");
      await app.settle();
      expect((await reasons()).map(([error]) => error)).toEqual(["ResultWouldLoop"]);
    });

    it.each(["original/*", "*/", "original"])("may not be %s: S3 knows no wildcards", async (OriginalPrefix) => {
      await expect(deploy("recursion-guards", { parameters: { OriginalPrefix } })).rejects.toThrow("no wildcards");
    });

    it("may be another", async () => {
      await using own = await deploy("recursion-guards", { parameters: { OriginalPrefix: "in/", TextSuffix: ".md" } });
      await upload(own, { ...way, key: (name) => `in/${name}` }, "a.md", "a  ");
      await own.settle();
      expect((await resultOf(own, way, "a.md")).text).toBe("a\n");
    });
  });

  describe("the metadata", () => {
    const way = wayNamed("metadata");

    it.each([{}, { original: "false" }, { original: "TRUE" }])("%j start nothing but a look", async (metadata) => {
      const before = await invocationsOf(app, way);
      const Bucket = app.resource("MetadataBucket");
      await app
        .client(S3Client)
        .send(new PutObjectCommand({ Bucket, Key: "plain.txt", Body: "a  ", Metadata: metadata }));
      await app.settle();
      expect((await resultOf(app, way, "plain.txt")).text).toBe("a  ");
      expect((await invocationsOf(app, way)) - before).toBe(1);
      expect((await app.logs("TidyMarked")).map(({ json }) => json?.["message"])).toContain(
        "Exiting - this is not the original object.",
      );
    });

    it("of the result lack the mark", async () => {
      await upload(app, way, "mark.txt", "a");
      await app.settle();
      const place = { Bucket: app.resource("MetadataBucket"), Key: "mark.txt" };
      const { Metadata } = await app.client(S3Client).send(new HeadObjectCommand(place));
      expect(Metadata).toEqual({ "processing-rounds": "1" });
    });
  });

  describe("the marker", () => {
    const way = wayNamed("marker");

    it("does not save a changed text that kept its metadata", async () => {
      await upload(app, way, "again.txt", "a  ");
      await app.settle();
      const { metadata } = await resultOf(app, way, "again.txt");
      await upload(app, way, "again.txt", "b  ", { Metadata: metadata });
      await app.settle();
      expect(await resultOf(app, way, "again.txt")).toMatchObject({
        text: "b\n",
        metadata: { "processing-rounds": "2" },
      });
    });
  });

  describe("logs", () => {
    it("say nothing of what is in the texts, and a line stays one line", async () => {
      for (const way of WAYS) await upload(app, way, "secret\n.txt", "the password is swordfish");
      await app.settle();
      const lines = (await Promise.all(app.functions.map((id) => app.logs(id)))).flat();
      expect(lines.filter(({ message }) => message.includes("swordfish"))).toEqual([]);
      expect(
        lines
          .filter(({ json }) => String(json?.["key"]).startsWith("secret"))
          .every(({ message }) => !message.includes("\n")),
      ).toBe(true);
    });
  });
}
