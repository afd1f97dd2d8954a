import { describe, expect, it } from "vitest";
import { InputInvalid, Unavailable } from "#shared/errors";
import { queueRecord } from "#shared/testing/events";
import { failing, lambdaContext } from "#shared/testing/invocation";
import { givesUpAfter } from "./last-try.ts";

const attempt = (receiveCount: number, work: () => Promise<unknown>) =>
  givesUpAfter(3)({ input: {}, envelope: queueRecord({}, { receiveCount }), context: lambdaContext() }, work);
const fail = (error: unknown) => async () => {
  throw error;
};

describe("work that fails", () => {
  it.each([1, 2])("may be tried again after try %d of 3", async (receiveCount) => {
    const error = new Unavailable("Slow down");
    expect(await failing(attempt(receiveCount, fail(error)))).toBe(error);
  });

  it.each([3, 4])("is given up after try %d of 3, with the reason", async (receiveCount) => {
    expect(await failing(attempt(receiveCount, fail(new Unavailable("Slow down"))))).toMatchObject({
      name: "GaveUp",
      message: "Unavailable: Slow down",
      retryable: false,
    });
  });

  it("is given up with whatever was thrown", async () => {
    expect(await failing(attempt(3, fail("nonsense")))).toMatchObject({ message: "Error: nonsense" });
  });

  it("and would fail again keeps its own reason", async () => {
    const error = new InputInvalid([{ field: "a", problem: "b" }]);
    expect(await failing(attempt(3, fail(error)))).toBe(error);
  });
});

it("work that is done answers its result", async () => expect(await attempt(3, () => Promise.resolve(7))).toBe(7));
