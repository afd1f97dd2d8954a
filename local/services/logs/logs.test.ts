/** CloudWatch Logs through its SDK client. */
import * as SDK from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

const group = "/aws/lambda/f";
const DAY = 86_400_000;

async function withStream(cloud: TestCloud, stream = "s") {
  const logs = cloud.client(SDK.CloudWatchLogsClient);
  await logs.send(new SDK.CreateLogGroupCommand({ logGroupName: group })).catch(() => {});
  await logs.send(new SDK.CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
  const put = (...events: [number, string][]) =>
    logs.send(
      new SDK.PutLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        logEvents: events.map(([offset, message]) => ({ timestamp: cloud.clock.now() + offset, message })),
      }),
    );
  return { logs, put };
}
const messages = (events: readonly { message?: string | undefined }[] | undefined) =>
  events?.map(({ message }) => message);
const refusal = (name: string, message?: string) =>
  expect.objectContaining({ name, ...(message !== undefined && { message }) });

describe("a log group", () => {
  it("is made once, described and deleted with its streams", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    await put([0, "héllo"]);
    await logs.send(new SDK.PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 14 }));
    const { logGroups } = await logs.send(new SDK.DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/" }));
    const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
    expect(logGroups).toMatchObject([
      {
        logGroupName: group,
        arn: `${arn}:*`,
        logGroupArn: arn,
        retentionInDays: 14,
        storedBytes: 32,
        creationTime: cloud.clock.now(),
      },
    ]);
    await expect(logs.send(new SDK.CreateLogGroupCommand({ logGroupName: group }))).rejects.toEqual(
      refusal("ResourceAlreadyExistsException", "The specified log group already exists"),
    );
    await logs.send(new SDK.DeleteLogGroupCommand({ logGroupName: group }));
    await expect(logs.send(new SDK.DescribeLogStreamsCommand({ logGroupName: group }))).rejects.toEqual(
      refusal("ResourceNotFoundException", "The specified log group does not exist."),
    );
  });

  it("takes only names and retentions that AWS takes", async () => {
    await using cloud = await testCloud();
    const { logs } = await withStream(cloud);
    await expect(logs.send(new SDK.CreateLogGroupCommand({ logGroupName: "a b" }))).rejects.toEqual(
      refusal("InvalidParameterException"),
    );
    await expect(
      logs.send(new SDK.PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 })),
    ).rejects.toThrow("Member must satisfy enum value set");
    await expect(
      logs.send(new SDK.CreateLogStreamCommand({ logGroupName: group, logStreamName: "a:b" })),
    ).rejects.toThrow("[^:*]*");
  });

  it("has tags", async () => {
    await using cloud = await testCloud();
    const { logs } = await withStream(cloud);
    const resourceArn = `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
    await logs.send(new SDK.TagResourceCommand({ resourceArn, tags: { a: "1", b: "2" } }));
    await logs.send(new SDK.UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await logs.send(new SDK.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: "2" });
  });

  it("forgets what its retention has passed", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    await logs.send(new SDK.PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
    await put([0, "old"]);
    await cloud.clock.advance(DAY / 2);
    await put([0, "new"]);
    await cloud.clock.advance(DAY / 2 + 1);
    const read = () => logs.send(new SDK.FilterLogEventsCommand({ logGroupName: group }));
    expect(messages((await read()).events)).toEqual(["new"]);
    await cloud.clock.advance(DAY);
    expect((await read()).events).toEqual([]);
    expect((await logs.send(new SDK.DescribeLogGroupsCommand({}))).logGroups?.[0]?.storedBytes).toBe(0);
  });
});

describe("putting events", () => {
  it("needs order, bounds and a stream", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    await expect(put([1, "b"], [0, "a"])).rejects.toEqual(
      refusal(
        "InvalidParameterException",
        "Log events in a single PutLogEvents request must be in chronological order.",
      ),
    );
    await expect(put([-2 * DAY, "a"], [0, "b"])).rejects.toThrow("cannot span more than 24 hours");
    await expect(put([0, "x".repeat(1_048_576)])).rejects.toThrow(
      "Upload too large: 1048602 bytes exceeds limit of 1048576",
    );
    await put([0, "x".repeat(1_048_576 - 26)]);
    await expect(put()).rejects.toThrow("Member must have length greater than or equal to 1");
    await expect(put([0, ""])).rejects.toThrow("'logEvents.1.member.message'");
    await expect(
      logs.send(
        new SDK.PutLogEventsCommand({
          logGroupName: group,
          logStreamName: "none",
          logEvents: [{ timestamp: 1, message: "x" }],
        }),
      ),
    ).rejects.toEqual(refusal("ResourceNotFoundException", "The specified log stream does not exist."));
  });

  it("leaves out events too old or too new and says which", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    const late = await put([-15 * DAY, "ancient"], [-14 * DAY, "old"]);
    expect(late.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const early = await put([0, "now"], [3 * 3_600_000, "future"]);
    expect(early.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    const { events } = await logs.send(
      new SDK.GetLogEventsCommand({ logGroupName: group, logStreamName: "s", startFromHead: true }),
    );
    expect(messages(events)).toEqual(["old", "now"]);
  });
});

describe("reading events", () => {
  it("gives the newest first page, and pages both ways", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    await put([0, "1"], [1, "2"], [2, "3"], [3, "4"], [4, "5"]);
    const get = (rest: Partial<SDK.GetLogEventsCommandInput>) =>
      logs.send(new SDK.GetLogEventsCommand({ logGroupName: group, logStreamName: "s", limit: 2, ...rest }));
    const newest = await get({});
    expect(messages(newest.events)).toEqual(["4", "5"]);
    const older = await get({ nextToken: newest.nextBackwardToken });
    expect(messages(older.events)).toEqual(["2", "3"]);
    const first = await get({ startFromHead: true });
    expect(messages(first.events)).toEqual(["1", "2"]);
    const second = await get({ nextToken: first.nextForwardToken });
    expect(messages(second.events)).toEqual(["3", "4"]);
    const end = await get({ nextToken: newest.nextForwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(newest.nextForwardToken);
    await put([5, "6"]);
    expect(messages((await get({ nextToken: end.nextForwardToken })).events)).toEqual(["6"]);
    await expect(get({ nextToken: "x" })).rejects.toThrow("The specified nextToken is invalid.");
  });

  it("keeps events that came late in their place", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    await put([10, "second"]);
    await put([0, "first"]);
    const { events } = await logs.send(new SDK.GetLogEventsCommand({ logGroupName: group, logStreamName: "s" }));
    expect(messages(events)).toEqual(["first", "second"]);
  });

  it("finds by pattern, time and stream across a group, page by page", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud);
    const { put: putOther } = await withStream(cloud, "other");
    await put([0, "ERROR a"], [20, "ERROR c"], [30, "fine"]);
    await putOther([10, "ERROR b"], [40, "ERROR d"]);
    const found: (string | undefined)[] = [];
    const pages = SDK.paginateFilterLogEvents(
      { client: logs, pageSize: 2 },
      { logGroupName: group, filterPattern: "ERROR" },
    );
    for await (const page of pages) found.push(...(messages(page.events) ?? []));
    expect(found).toEqual(["ERROR a", "ERROR b", "ERROR c", "ERROR d"]);
    const start = cloud.clock.now();
    const filtered = await logs.send(
      new SDK.FilterLogEventsCommand({
        logGroupName: group,
        startTime: start + 10,
        endTime: start + 40,
        logStreamNames: ["other"],
      }),
    );
    expect(messages(filtered.events)).toEqual(["ERROR b"]);
    expect(filtered.events?.[0]).toMatchObject({ logStreamName: "other", eventId: expect.stringMatching(/^\d{56}$/) });
  });

  it("lists streams by name or by their last event", async () => {
    await using cloud = await testCloud();
    const { logs, put } = await withStream(cloud, "a");
    const { put: putB } = await withStream(cloud, "b");
    await put([5, "x"]);
    await putB([1, "y"]);
    const names = async (input: Partial<SDK.DescribeLogStreamsCommandInput>) =>
      (await logs.send(new SDK.DescribeLogStreamsCommand({ logGroupName: group, ...input }))).logStreams?.map(
        ({ logStreamName }) => logStreamName,
      );
    expect(await names({})).toEqual(["a", "b"]);
    expect(await names({ orderBy: "LastEventTime" })).toEqual(["b", "a"]);
    expect(await names({ orderBy: "LastEventTime", descending: true, limit: 1 })).toEqual(["a"]);
    expect(await names({ logStreamNamePrefix: "b" })).toEqual(["b"]);
  });
});

describe("a metric filter", () => {
  const transformation = { metricName: "Errors", metricNamespace: "App", metricValue: "1" };
  it("is kept, listed, tested and deleted", async () => {
    await using cloud = await testCloud();
    const { logs } = await withStream(cloud);
    await logs.send(
      new SDK.PutMetricFilterCommand({
        logGroupName: group,
        filterName: "f",
        filterPattern: "ERROR",
        metricTransformations: [transformation],
      }),
    );
    const { metricFilters } = await logs.send(new SDK.DescribeMetricFiltersCommand({ logGroupName: group }));
    expect(metricFilters).toMatchObject([
      { filterName: "f", filterPattern: "ERROR", logGroupName: group, metricTransformations: [transformation] },
    ]);
    const { matches } = await logs.send(
      new SDK.TestMetricFilterCommand({ filterPattern: "{ $.a = 1 }", logEventMessages: ['{"a":2}', '{"a":1}'] }),
    );
    expect(matches?.map(({ eventNumber }) => eventNumber)).toEqual([2]);
    await logs.send(new SDK.DeleteMetricFilterCommand({ logGroupName: group, filterName: "f" }));
    await expect(
      logs.send(new SDK.DeleteMetricFilterCommand({ logGroupName: group, filterName: "f" })),
    ).rejects.toEqual(refusal("ResourceNotFoundException"));
  });
  it("is refused when its pattern or metric makes no sense", async () => {
    await using cloud = await testCloud();
    const { logs } = await withStream(cloud);
    const put = (filterPattern: string, to: object = {}) =>
      logs.send(
        new SDK.PutMetricFilterCommand({
          logGroupName: group,
          filterName: "f",
          filterPattern,
          metricTransformations: [{ ...transformation, ...to }],
        }),
      );
    await expect(put("{ $.a }")).rejects.toEqual(refusal("InvalidParameterException", "Invalid filter pattern"));
    await expect(put("", { metricValue: "one" })).rejects.toEqual(refusal("InvalidParameterException"));
    await expect(put("", { dimensions: { a: "$.a" }, defaultValue: 0 })).rejects.toThrow("mutually exclusive");
  });
});

describe("reading as a role", () => {
  it("needs the group's ARN with what is behind it", async () => {
    await using cloud = await testCloud();
    await withStream(cloud);
    const service = await cloud.dispatcher.load("logs");
    const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
    const asked = (operation: string, input: object) => service.permissions?.(operation, { ...input });
    expect(asked("PutLogEvents", { logGroupName: group, logStreamName: "s" })).toEqual([
      { action: "logs:PutLogEvents", resource: `${arn}:log-stream:s` },
    ]);
    expect(asked("CreateLogGroup", { logGroupName: group })).toEqual([
      { action: "logs:CreateLogGroup", resource: `${arn}:log-stream:` },
    ]);
    expect(asked("FilterLogEvents", { logGroupIdentifier: `${arn}:*` })).toEqual([
      { action: "logs:FilterLogEvents", resource: `${arn}:log-stream:` },
    ]);
    expect(asked("TagResource", { resourceArn: arn })).toEqual([{ action: "logs:TagResource", resource: arn }]);
  });
});
