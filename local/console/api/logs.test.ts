import { describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

interface Lines {
  readonly lines: readonly { id: string; at: number; text: string; cut: number; stream: string; group?: string }[];
  readonly hasMore: boolean;
}

async function log(it: ConsoleCloud, logGroupName: string, messages: readonly string[], from = it.cloud.clock.now()) {
  await it.call("logs", "CreateLogGroup", { logGroupName }).catch(() => undefined);
  await it.call("logs", "CreateLogStream", { logGroupName, logStreamName: "s" }).catch(() => undefined);
  for (let i = 0; i < messages.length; i += 5_000)
    await it.call("logs", "PutLogEvents", {
      logGroupName,
      logStreamName: "s",
      logEvents: messages.slice(i, i + 5_000).map((message, j) => ({ timestamp: from + i + j, message })),
    });
}

const texts = ({ lines }: Lines): string[] => lines.map(({ text }) => text);

describe("the lines of a log group", () => {
  it("are the newest ones, oldest first, and older ones on request", async () => {
    await using it = await consoleCloud();
    const all = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
    await log(it, "g", all, it.cloud.clock.now() - 5_000);
    const newest = await it.get<Lines>("/logs", { group: "g" });
    expect(texts(newest)).toEqual(all.slice(600));
    expect(newest.hasMore).toBe(true);
    const older = await it.get<Lines>("/logs", { group: "g", before: String(newest.lines[0]?.at) });
    expect(texts(older)).toEqual(all.slice(200, 600));
    const oldest = await it.get<Lines>("/logs", { group: "g", before: String(older.lines[0]?.at) });
    expect(texts(oldest)).toEqual(all.slice(0, 200));
    expect(oldest.hasMore).toBe(false);
  });

  it("are found though they are days old", async () => {
    await using it = await consoleCloud();
    await log(it, "g", ["old"]);
    await it.cloud.clock.advance(3 * 86_400_000);
    await log(it, "g", ["new"]);
    expect(texts(await it.get<Lines>("/logs", { group: "g" }))).toEqual(["old", "new"]);
  });

  it("are filtered by text, whatever the case and whatever it means elsewhere", async () => {
    await using it = await consoleCloud();
    await log(it, "g", ["An Error (1)", "all well", '{"error": "x"}', "[error] .*"]);
    const found = async (text: string) => texts(await it.get<Lines>("/logs", { group: "g", text }));
    expect(await found("ERROR")).toEqual(["An Error (1)", '{"error": "x"}', "[error] .*"]);
    expect(await found('{"error')).toEqual(['{"error": "x"}']);
    expect(await found(".*")).toEqual(["[error] .*"]);
    expect(await found("nothing")).toEqual([]);
  });

  it("since a moment include that moment", async () => {
    await using it = await consoleCloud();
    const now = it.cloud.clock.now();
    await log(it, "g", ["a", "b", "c"], now - 100);
    expect(texts(await it.get<Lines>("/logs", { group: "g", since: String(now - 99) }))).toEqual(["b", "c"]);
  });

  it("that are long are cut, and there whole on request", async () => {
    await using it = await consoleCloud();
    const long = "x".repeat(100_000);
    await log(it, "g", [long]);
    const [line] = (await it.get<Lines>("/logs", { group: "g" })).lines;
    expect(line).toMatchObject({ cut: 80_000 });
    expect(line?.text.length).toBe(20_000);
    expect(await it.get("/line", { group: "g", at: String(line?.at), id: line?.id ?? "" })).toEqual({ text: long });
  });

  it("of a group that is not there yet are none", async () => {
    await using it = await consoleCloud();
    expect(await it.get("/logs", { group: "nothing" })).toEqual({ lines: [], hasMore: false });
  });

  it("of a megabyte come within half a second", async () => {
    await using it = await consoleCloud();
    await log(
      it,
      "g",
      Array.from({ length: 12_000 }, (_, i) => `${i} ${"word ".repeat(18)}`),
      it.cloud.clock.now() - 20_000,
    );
    const began = performance.now();
    const { lines } = await it.get<Lines>("/logs", { group: "g" });
    expect(performance.now() - began).toBeLessThan(500);
    expect(lines).toHaveLength(400);
  });

  it.each(["x", "-1", "1.5"])("before %j is no moment", async (before) => {
    await using it = await consoleCloud();
    await expect(it.get("/logs", { group: "g", before })).rejects.toMatchObject({ status: 400 });
  });
});

describe("the way of an event", () => {
  it("is told by the lines of all groups that name it, in the order of time", async () => {
    await using it = await consoleCloud();
    const now = it.cloud.clock.now();
    await log(it, "/aws/lambda/b", ['{"correlation_id":"id-1","message":"second"}'], now - 10);
    await log(it, "/aws/lambda/a", ['{"correlation_id":"id-1","message":"first"}', "other"], now - 20);
    await log(it, "/aws/vendedlogs/states/c", ["third id-1"], now - 5);
    const { lines } = await it.get<Lines>("/follow", { text: "ID-1" });
    expect(lines.map(({ group }) => group)).toEqual(["/aws/lambda/a", "/aws/lambda/b", "/aws/vendedlogs/states/c"]);
  });
});
