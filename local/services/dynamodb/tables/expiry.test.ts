import { describe, expect, it } from "vitest";
import { N, S, type TestTable, testTable } from "../test-table.ts";

const HOUR = 3600;

async function expiring(): Promise<TestTable> {
  const table = await testTable();
  await table.call("UpdateTimeToLive", { TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } });
  return table;
}

const seconds = (table: TestTable) => Math.floor(table.cloud.clock.now() / 1000);
const left = async (table: TestTable) => (await table.call("Scan")).Items?.map(({ pk }) => pk?.S).sort();

describe("time to live", () => {
  it("deletes an item within minutes of its end, and not before", async () => {
    await using table = await expiring();
    await table.call("PutItem", { Item: { pk: S("1"), ends: N(seconds(table) + HOUR) } });
    await table.cloud.clock.advance(HOUR * 1000 - 1000);
    expect(await left(table)).toEqual(["1"]);
    await table.cloud.clock.advance(3 * 60_000);
    expect(await left(table)).toEqual([]);
  });

  it("leaves items alone whose attribute is no number of seconds, or older than five years", async () => {
    await using table = await expiring();
    const now = seconds(table);
    await table.call("PutItem", { Item: { pk: S("text"), ends: S(String(now)) } });
    await table.call("PutItem", { Item: { pk: S("milliseconds"), ends: N(now * 1000) } });
    await table.call("PutItem", { Item: { pk: S("ancient"), ends: N(now - 6 * 365 * 24 * HOUR) } });
    await table.call("PutItem", { Item: { pk: S("huge"), ends: N("1e120") } });
    await table.call("PutItem", { Item: { pk: S("none") } });
    await table.call("PutItem", { Item: { pk: S("over"), ends: N(now - HOUR) } });
    await table.cloud.clock.advance(48 * HOUR * 1000);
    expect(await left(table)).toEqual(["ancient", "huge", "milliseconds", "none", "text"]);
  });

  it("follows an end that is put off", async () => {
    await using table = await expiring();
    await table.call("PutItem", { Item: { pk: S("1"), ends: N(seconds(table) + HOUR) } });
    await table.call("PutItem", { Item: { pk: S("1"), ends: N(seconds(table) + 3 * HOUR) } });
    await table.cloud.clock.advance(2 * HOUR * 1000);
    expect(await left(table)).toEqual(["1"]);
    await table.cloud.clock.advance(2 * HOUR * 1000);
    expect(await left(table)).toEqual([]);
  });

  it("takes up the items that are there when it is turned on, and lets go when it is turned off", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), ends: N(seconds(table) + HOUR) } });
    await table.call("PutItem", { Item: { pk: S("2"), ends: N(seconds(table) + 3 * HOUR) } });
    const specification = { Enabled: true, AttributeName: "ends" };
    await table.call("UpdateTimeToLive", { TimeToLiveSpecification: specification });
    await table.cloud.clock.advance(2 * HOUR * 1000);
    expect(await left(table)).toEqual(["2"]);
    await table.call("UpdateTimeToLive", { TimeToLiveSpecification: { ...specification, Enabled: false } });
    await table.cloud.clock.advance(9 * HOUR * 1000);
    expect(await left(table)).toEqual(["2"]);
  });

  it("does not keep a cloud from settling", async () => {
    await using table = await expiring();
    await table.call("PutItem", { Item: { pk: S("1"), ends: N(seconds(table) + HOUR) } });
    const before = table.cloud.clock.now();
    await table.cloud.clock.settle();
    expect(table.cloud.clock.now()).toBe(before);
  });

  it("is described, and refuses to be turned on twice", async () => {
    await using table = await testTable();
    const on = { TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } };
    const off = { TimeToLiveSpecification: { Enabled: false, AttributeName: "ends" } };
    expect(await table.refusal("UpdateTimeToLive", off)).toBe("TimeToLive is already disabled");
    await table.call("UpdateTimeToLive", on);
    expect(await table.call("DescribeTimeToLive")).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "ends" },
    });
    expect(await table.refusal("UpdateTimeToLive", on)).toBe("TimeToLive is already enabled");
    const other = { TimeToLiveSpecification: { Enabled: true, AttributeName: "other" } };
    expect(await table.refusal("UpdateTimeToLive", other)).toBe(
      "TimeToLive is active on a different AttributeName: current AttributeName is ends",
    );
    expect(await table.refusal("UpdateTimeToLive", off)).toBe(
      "Time to live has been modified multiple times within a fixed interval",
    );
    await table.cloud.clock.advance(30 * 60_000);
    expect(await table.refusal("UpdateTimeToLive", off)).toBe("accepted");
  });
});
