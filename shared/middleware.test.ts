import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { freshMiddleware as start, traceId } from "./testing/fresh-middleware.ts";
import { failing, lambdaContext, written } from "./testing/invocation.ts";

const Scan = z.object({ parcelId: z.string(), weightGrams: z.number(), note: z.optional(z.string()) });
const scan = { parcelId: "NO123456789", weightGrams: 120 };

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
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
      failing(handler({ parcelId: "anna@example.org", weightGrams: "hunter2" }, lambdaContext())),
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
    const { entries } = await written(() => failing(handler(scan, lambdaContext())));
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
