import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { freshMiddleware as start, traceId } from "../testing/fresh-middleware.ts";
import { failing, lambdaContext, written } from "../testing/invocation.ts";

const Scan = z.object({ parcelId: z.string(), weightGrams: z.number() });
const scan = { parcelId: "NO123456789", weightGrams: 120 };

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a logged error", () => {
  it("says where it comes from, and shows no row that it carries, nor does its cause", async () => {
    const { handle, AppError } = await start();
    const $metadata = { requestId: "r-1", httpStatusCode: 400, attempts: 1 };
    const carrying = (name: string, cause?: Error) =>
      Object.assign(new Error("condition failed", { cause }), { name, $metadata, Item: { name: { S: "Ada Byron" } } });
    const refused = handle({ input: Scan }, () => {
      throw new AppError("known already", {}, { cause: carrying("ConditionalCheckFailedException") });
    });
    const broken = handle({ input: Scan }, () => {
      throw carrying("Broken", carrying("Deeper"));
    });
    for (const handler of [refused, broken]) {
      const { entries } = await written(() => failing(handler(scan, lambdaContext())));
      expect(JSON.stringify(entries)).toMatch(/"message":"condition failed".*"request_id":"r-1","status":400/);
      expect(JSON.stringify(entries)).not.toContain("Ada");
    }
  });
});

describe("log buffering", () => {
  it("writes the details of an invocation that failed, before its failure", async () => {
    const { handle, logger } = await start({ LOG_BUFFER: "DEBUG" });
    const handler = handle({ input: Scan }, () => {
      logger.debug("detail");
      throw new Error("broken");
    });
    const { entries } = await written(() => failing(handler(scan, lambdaContext())));
    expect(entries.map((entry) => entry.message)).toEqual(["detail", "failed"]);
  });

  it("writes them for an error that is thrown on purpose too", async () => {
    const { handle, logger, AppError } = await start({ LOG_BUFFER: "INFO" });
    const handler = handle({ input: Scan }, () => {
      logger.info("detail");
      throw new AppError("broken");
    });
    const { entries } = await written(() => failing(handler(scan, lambdaContext())));
    expect(entries.map(({ level, message }) => [level, message])).toEqual([
      ["INFO", "detail"],
      ["WARN", "failed"],
    ]);
  });

  it("forgets the details of one that went well", async () => {
    const { handle, logger } = await start({ LOG_BUFFER: "DEBUG" });
    let fails = false;
    const handler = handle({ input: Scan }, () => {
      logger.debug(fails ? "second" : "first");
      if (fails) throw new Error("broken");
    });
    const { entries } = await written(async () => {
      await handler(scan, lambdaContext());
      fails = true;
      await failing(handler(scan, lambdaContext()));
    });
    expect(entries.map((entry) => entry.message)).toEqual(["second", "failed"]);
  });

  it("is off unless asked for", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, () => {
      logger.debug("detail");
      throw new Error("broken");
    });
    expect(
      (await written(() => failing(handler(scan, lambdaContext())))).entries.map((entry) => entry.message),
    ).toEqual(["failed"]);
  });
});

describe("log sampling", () => {
  it.each([
    ["1", ["detail"]],
    ["0", []],
  ])("at a rate of %s logs %j of the details", async (rate, expected) => {
    const { handle, logger } = await start({ POWERTOOLS_LOGGER_SAMPLE_RATE: rate });
    const handler = handle({ input: Scan }, () => logger.debug("detail"));
    await handler(scan, lambdaContext());
    const { entries } = await written(() => handler(scan, lambdaContext()));
    expect(entries.map((entry) => entry.message).filter((message) => message === "detail")).toEqual(expected);
  });
});

describe("metrics", () => {
  it("are written once an invocation, also one that fails", async () => {
    const { handle, count } = await start({ POWERTOOLS_METRICS_NAMESPACE: "Parcels" });
    const handler = handle({ input: Scan }, () => {
      count("Scans");
      count("Scans", 2);
      throw new Error("broken");
    });
    await failing(handler(scan, lambdaContext()));
    const { entries } = await written(() => failing(handler(scan, lambdaContext())));
    const [metric, ...more] = entries.filter((entry) => "_aws" in entry);
    expect(more).toEqual([]);
    expect(metric).toMatchObject({
      service: "parcel-tracker",
      Scans: [1, 2],
      _aws: { CloudWatchMetrics: [{ Namespace: "Parcels" }] },
    });
  });

  it("count the cold start where there is a namespace", async () => {
    const { handle } = await start({ POWERTOOLS_METRICS_NAMESPACE: "Parcels" });
    const handler = handle({ input: Scan }, () => "done");
    const { entries } = await written(async () => {
      await handler(scan, lambdaContext());
      await handler(scan, lambdaContext());
    });
    expect(entries).toEqual([expect.objectContaining({ ColdStart: 1, function_name: "RecordScan" })]);
  });
});

describe("tracing", () => {
  it("loads nothing where there is no daemon, and annotations do nothing", async () => {
    await start();
    const { annotate, subsegments, traced } = await import("./tracing.ts");
    const client = {};
    expect(subsegments).toBeUndefined();
    expect(traced(client)).toBe(client);
    expect(() => annotate("parcel", "NO1")).not.toThrow();
  });

  it("marks the subsegment with cold start and app, and sends no result", async () => {
    const received = await listening(async (address) => {
      const { handle } = await start({
        AWS_XRAY_DAEMON_ADDRESS: address,
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        LAMBDA_TASK_ROOT: "/var/task",
        _HANDLER: "record-scan.handler",
      });
      const { annotate } = await import("./tracing.ts");
      const handler = handle({ input: Scan }, ({ parcelId }) => {
        annotate("depot", "OSL");
        return { secret: parcelId };
      });
      await handler(scan, lambdaContext());
    });
    expect(received).toMatchObject({
      name: "## record-scan.handler",
      trace_id: traceId,
      annotations: { ColdStart: true, App: "parcel-tracker", depot: "OSL" },
    });
    expect(JSON.stringify(received)).not.toContain("NO123456789");
  });
});

/** Takes the place of the X-Ray daemon; answers the first segment that is sent. */
async function listening(work: (address: string) => Promise<void>): Promise<unknown> {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  try {
    const segment = new Promise<string>((resolve) => {
      socket.on("message", (message) => resolve(message.toString("utf8")));
    });
    await new Promise<void>((bound) => {
      socket.bind(0, "127.0.0.1", bound);
    });
    await work(`127.0.0.1:${socket.address().port}`);
    const [, json = ""] = (await segment).split("\n");
    return JSON.parse(json);
  } finally {
    socket.close();
  }
}
