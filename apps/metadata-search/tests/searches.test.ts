import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { type Shelf, shelfOf } from "./shelf.ts";

let app: LocalApp;
let shelf: Shelf;
beforeAll(async () => {
  app = await deploy("metadata-search");
  shelf = shelfOf(app);
  await shelf.put("2029/invoice 17 + größer.pdf", {
    Metadata: { "customer-id": "c-1", category: "invoice", "received-date": "2029-12-30", project: "bridge" },
    ContentType: "application/pdf",
    Tagging: "team=blue&step=1",
  });
  await shelf.put("2029/letter.txt", { Metadata: { "customer-id": "c-2", category: "letter" } });
  await shelf.put("o'hara/invoice.pdf", { Metadata: { "customer-id": "o'hara", category: "invoice" } });
  await app.settle();
  await app.advance(86_400);
  await shelf.put("2030/letter.txt", {
    Metadata: { "customer-id": "c-1", category: "letter", "Received-Date": "soon" },
  });
  await app.settle();
});
afterAll(() => app[Symbol.asyncDispose]());

describe("a search", () => {
  it("shows an object with all that its uploader said of it", async () => {
    const { objects, scannedBytes } = await shelf.search({ key: "2029/invoice 17 + größer.pdf" });
    expect(objects).toEqual([
      {
        bucket: app.resource("SourceBucket"),
        key: "2029/invoice 17 + größer.pdf",
        versionId: expect.any(String) as unknown,
        name: "invoice 17 + größer.pdf",
        size: 30,
        eTag: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
        contentType: "application/pdf",
        customer: "c-1",
        category: "invoice",
        receivedOn: "2029-12-30",
        uploadedAt: "2030-01-07T12:00:00.000Z",
        metadata: { "customer-id": "c-1", category: "invoice", "received-date": "2029-12-30", project: "bridge" },
        tags: { team: "blue", step: "1" },
      },
    ]);
    expect(scannedBytes).toBeGreaterThan(0);
  });

  it.each<[string, object, string[]]>([
    ["name", { name: "letter.txt" }, ["2029/letter.txt", "2030/letter.txt"]],
    ["a part of the name", { nameContains: "INVOICE" }, ["2029/invoice 17 + größer.pdf", "o'hara/invoice.pdf"]],
    ["key", { key: "2030/letter.txt" }, ["2030/letter.txt"]],
    ["the beginning of the key", { keyPrefix: "2029/" }, ["2029/invoice 17 + größer.pdf", "2029/letter.txt"]],
    ["customer", { customer: "c-1" }, ["2029/invoice 17 + größer.pdf", "2030/letter.txt"]],
    ["a customer with a quote", { customer: "o'hara" }, ["o'hara/invoice.pdf"]],
    ["category", { category: "letter", customer: "c-2" }, ["2029/letter.txt"]],
    ["user metadata", { metadata: { Project: "bridge" } }, ["2029/invoice 17 + größer.pdf"]],
    ["a tag", { tags: { team: "blue" } }, ["2029/invoice 17 + größer.pdf"]],
    ["day", { from: "2030-01-08", to: "2030-01-08" }, ["2030/letter.txt"]],
    [
      "a range of days",
      { from: "2030-01-07", to: "2030-01-08", category: "letter" },
      ["2029/letter.txt", "2030/letter.txt"],
    ],
    ["the day of receipt", { receivedFrom: "2029-12-01", receivedTo: "2029-12-31" }, ["2029/invoice 17 + größer.pdf"]],
    ["a day of receipt that is none: that of the upload", { receivedFrom: "2030-01-08" }, ["2030/letter.txt"]],
    ["days before there was anything", { to: "2026-01-01" }, []],
    ["nothing that is there", { metadata: { project: "tunnel" } }, []],
    ["what would be SQL elsewhere", { customer: "c-1' OR '1'='1" }, []],
    ["a name with a question mark", { name: "?" }, []],
  ])("finds by %s", async (_title, question, keys) => {
    expect(await shelf.keys(question)).toEqual(keys);
  });

  it("goes on page by page, the latest upload first, without reading anything again", async () => {
    const first = await shelf.search({ limit: 3 });
    expect(first.objects).toHaveLength(3);
    expect(first.objects[0]?.key).toBe("2030/letter.txt");
    const second = await shelf.search({ limit: 3, nextToken: first.nextToken });
    expect(second.objects).toHaveLength(1);
    expect(second).not.toHaveProperty("nextToken");
    expect(second).not.toHaveProperty("scannedBytes");
  });

  it("reads less when it asks for fewer days", async () => {
    const all = (await shelf.search({ customer: "c-1" })).scannedBytes ?? 0;
    const day = (await shelf.search({ customer: "c-1", from: "2030-01-08" })).scannedBytes ?? 0;
    expect(day).toBeLessThan(all);
  });

  it.each<[string, object]>([
    ["an unknown field", { colour: "red" }],
    ["a day that is none", { from: "2030-02-30" }],
    ["days the wrong way round", { from: "2030-01-08", to: "2030-01-07" }],
    ["a limit beyond a page", { limit: 1_000 }],
    ["an empty name", { name: "" }],
    ["a name beyond the limit", { name: "x".repeat(1_001) }],
    ["a name of quotes that fills a parameter", { name: "'".repeat(600) }],
    ["a made-up token", { nextToken: "abc" }],
    [
      "a token of a search that never was",
      { nextToken: Buffer.from('{"query":"8d5c0a0e-6c0f-4d51-9d6f-2f8b7d9f6a11","token":"x"}').toString("base64url") },
    ],
  ])("is refused for %s", async (_title, question) => {
    await expect(shelf.search(question)).rejects.toMatchObject({ name: "InputInvalid" });
  });

  it("at the limit of a value is answered", async () => {
    expect(await shelf.keys({ name: "x".repeat(1_000) })).toEqual([]);
  });
});

describe("the report of what is missing", () => {
  it("names each object and what it lacks", async () => {
    const { required, objects } = await shelf.missing();
    expect(required).toEqual(["customer-id", "category", "received-date"]);
    expect(objects.map(({ key, missing }) => [key, missing])).toEqual([
      ["2029/letter.txt", ["received-date"]],
      ["o'hara/invoice.pdf", ["received-date"]],
    ]);
  });

  it("goes page by page, and by day", async () => {
    const first = await shelf.missing({ limit: 1 });
    const second = await shelf.missing({ limit: 1, nextToken: first.nextToken });
    expect([...first.objects, ...second.objects].map(({ key }) => key)).toEqual([
      "2029/letter.txt",
      "o'hara/invoice.pdf",
    ]);
    expect((await shelf.missing({ from: "2030-01-08" })).objects).toEqual([]);
  });
});
