import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { lambdaContext, written } from "./testing/invocation.ts";

const Scan = z.object({ parcelId: z.string(), weightGrams: z.number(), note: z.optional(z.string()) });
const scan = { parcelId: "NO123456789", weightGrams: 120 };
const traceId = "1-5759e988-bd862e3fe1be46a994272793";

/** The middleware in an environment of its own: Lambda starts a fresh one for each. */
async function start(environment: Record<string, string> = {}) {
  vi.resetModules();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { handle } = await import("./middleware.ts");
  const { AppError, InputInvalid } = await import("./errors.ts");
  const { logger } = await import("./observability/logger.ts");
  const { count } = await import("./observability/metrics.ts");
  return { handle, AppError, InputInvalid, logger, count };
}

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "parcel-tracker");
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${traceId};Parent=557abcec3ee5a047;Sampled=1`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a wrapped function", () => {
  it("gets its input parsed and typed, and its result passes unchanged", async () => {
    const { handle } = await start();
    const handler = handle({ input: Scan }, (input, invocation) => {
      expectTypeOf(input).toEqualTypeOf<{ parcelId: string; weightGrams: number; note?: string | undefined }>();
      return { id: input.parcelId, kilograms: input.weightGrams / 1000, request: invocation.context.awsRequestId };
    });
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<{ id: string; kilograms: number; request: string }>();
    const context = lambdaContext();
    expect(await handler({ ...scan, more: 1 }, context)).toEqual({
      id: "NO123456789",
      kilograms: 0.12,
      request: context.awsRequestId,
    });
  });

  it("may answer nothing", async () => {
    const { handle } = await start();
    expect(await handle({ input: Scan }, () => undefined)(scan, lambdaContext())).toBeUndefined();
  });

  it("refuses an input that does not fit, and does not run", async () => {
    const { handle, InputInvalid } = await start();
    const work = vi.fn<(...seen: unknown[]) => unknown>();
    const refused = handle({ input: Scan }, work)({ parcelId: "x", weightGrams: "12 kg" }, lambdaContext());
    await expect(refused).rejects.toThrow(InputInvalid);
    await expect(refused).rejects.toMatchObject({ name: "InputInvalid", message: "weightGrams: expected number" });
    expect(work).not.toHaveBeenCalled();
  });

  it("throws what the handler throws, so that a state machine can match its name", async () => {
    const { handle, AppError } = await start();
    class DepotUnknown extends AppError {}
    const error = new DepotUnknown("No depot OSX");
    const handler = handle({ input: Scan }, () => {
      throw error;
    });
    await expect(handler(scan, lambdaContext())).rejects.toBe(error);
  });
});

describe("its logs", () => {
  it("say who wrote them, for which request and on which trace", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, () => logger.info("scanned"));
    const { entries } = await written(() => handler({ ...scan, correlationId: "order-7" }, lambdaContext()));
    expect(entries).toEqual([
      expect.objectContaining({
        level: "INFO",
        message: "scanned",
        service: "parcel-tracker",
        function_name: "RecordScan",
        function_request_id: "9f1c0d6e-0000-4000-8000-000000000001",
        cold_start: true,
        correlation_id: "order-7",
        xray_trace_id: traceId,
      }),
    ]);
  });

  it("mark only the first invocation as a cold start", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, () => logger.info("scanned"));
    const { entries } = await written(async () => {
      await handler(scan, lambdaContext());
      await handler(scan, lambdaContext());
    });
    expect(entries.map((entry) => entry.cold_start)).toEqual([true, false]);
  });

  it("keep the ids of invocations apart that run at the same time", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, async ({ parcelId }) => {
      await new Promise((done) => setImmediate(done));
      logger.info(parcelId);
    });
    const { entries } = await written(() =>
      Promise.all(["a", "b", "c"].map((id) => handler({ ...scan, parcelId: id, correlationId: id }, lambdaContext()))),
    );
    expect(entries.map((entry) => entry.correlation_id)).toEqual(entries.map((entry) => entry.message));
    expect(entries).toHaveLength(3);
  });

  it("say nothing of an invocation that went well", async () => {
    const { handle } = await start();
    expect((await written(() => handle({ input: Scan }, () => "done")(scan, lambdaContext()))).lines).toEqual([]);
  });

  it("hold no value of the input when it is refused", async () => {
    const { handle } = await start({ POWERTOOLS_LOG_LEVEL: "DEBUG" });
    const handler = handle({ input: Scan }, () => "done");
    const { lines, entries } = await written(() =>
      handler({ parcelId: "anna@example.org", weightGrams: "hunter2" }, lambdaContext()),
    );
    expect(entries).toEqual([
      expect.objectContaining({
        level: "WARN",
        message: "failed",
        reason: "InputInvalid: weightGrams: expected number",
      }),
    ]);
    expect(lines.join()).not.toMatch(/anna|hunter2/);
  });

  it("have the stack of an error that nobody expected", async () => {
    const { handle } = await start();
    const handler = handle({ input: Scan }, () => {
      throw new TypeError("x is not a function");
    });
    const { entries } = await written(() => handler(scan, lambdaContext()));
    expect(entries).toEqual([
      expect.objectContaining({
        level: "ERROR",
        error: expect.objectContaining({ name: "TypeError", stack: expect.stringContaining("middleware.test.ts") }),
      }),
    ]);
  });

  it("survive something thrown that is no error", async () => {
    const { handle } = await start();
    const handler = handle({ input: Scan }, () => {
      // oxlint-disable-next-line typescript/only-throw-error -- this is what is tested
      throw "text";
    });
    await expect(handler(scan, lambdaContext())).rejects.toBe("text");
  });

  it.each(["\n", "\r\n", "\u0085", "\u2028", "\u2029", '"}\n{"level":"ERROR"'])(
    "stay one line each with %j in a value",
    async (end) => {
      const { handle, logger } = await start();
      const handler = handle({ input: Scan }, ({ note }) => logger.info(`a${note}b`, { note: `c${note}d` }));
      const { lines } = await written(() =>
        handler({ ...scan, note: end, correlationId: `x${end}y` }, lambdaContext()),
      );
      expect(lines).toHaveLength(1);
      expect(lines[0]?.split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(1);
    },
  );

  it("remove what is called like a secret, also deep inside", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, () =>
      logger.info("call", {
        headers: { Authorization: "Bearer abc" },
        taskToken: "abc",
        dbPassword: "abc",
        apiKey: "abc",
        attempts: 2,
      }),
    );
    const { lines, entries } = await written(() => handler(scan, lambdaContext()));
    expect(lines.join()).not.toContain("abc");
    expect(entries[0]).toMatchObject({ attempts: 2, taskToken: "[removed]" });
  });
});

describe("log buffering", () => {
  it("writes the details of an invocation that failed, before its failure", async () => {
    const { handle, logger } = await start({ LOG_BUFFER: "DEBUG" });
    const handler = handle({ input: Scan }, () => {
      logger.debug("detail");
      throw new Error("broken");
    });
    const { entries } = await written(() => handler(scan, lambdaContext()));
    expect(entries.map((entry) => entry.message)).toEqual(["detail", "failed"]);
  });

  it("writes them for an error that is thrown on purpose too", async () => {
    const { handle, logger, AppError } = await start({ LOG_BUFFER: "INFO" });
    const handler = handle({ input: Scan }, () => {
      logger.info("detail");
      throw new AppError("broken");
    });
    const { entries } = await written(() => handler(scan, lambdaContext()));
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
      await handler(scan, lambdaContext());
    });
    expect(entries.map((entry) => entry.message)).toEqual(["second", "failed"]);
  });

  it("is off unless asked for", async () => {
    const { handle, logger } = await start();
    const handler = handle({ input: Scan }, () => {
      logger.debug("detail");
      throw new Error("broken");
    });
    expect((await written(() => handler(scan, lambdaContext()))).entries.map((entry) => entry.message)).toEqual([
      "failed",
    ]);
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
    await handler(scan, lambdaContext()).catch(() => {});
    const { entries } = await written(() => handler(scan, lambdaContext()));
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
    const { annotate, subsegments, traced } = await import("./observability/tracing.ts");
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
      const { annotate } = await import("./observability/tracing.ts");
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
