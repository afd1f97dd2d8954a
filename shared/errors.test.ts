import { describe, expect, expectTypeOf, it } from "vitest";
import { AppError, Conflict, InputInvalid, InProgress, NotFound, Unavailable } from "./errors.ts";

class InvoiceUnreadable extends AppError<{ key: string; page: number }> {
  override readonly status = 422;
}

describe("an error of an application", () => {
  it("is named as its class, which is what a state machine matches", () => {
    const error = new InvoiceUnreadable("The page holds no text", { key: "a.pdf", page: 3 });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "InvoiceUnreadable", status: 422, retryable: false, fields: { page: 3 } });
    expect(String(error)).toBe("InvoiceUnreadable: The page holds no text");
  });

  it("has typed fields", () => {
    const error = new InvoiceUnreadable("The page holds no text", { key: "a.pdf", page: 3 });
    expectTypeOf(error.fields.page).toEqualTypeOf<number>();
  });

  it("keeps its cause", () => {
    const cause = new Error("socket hang up");
    expect(new Unavailable("The price service does not answer", {}, { cause }).cause).toBe(cause);
  });
});

describe("the general errors", () => {
  it.each([
    [new InputInvalid([]), 400, false],
    [new NotFound("No such job"), 404, false],
    [new Conflict("The job is over"), 409, false],
    [new InProgress("Being done", { retryAfterSeconds: 1 }), 409, true],
    [new Unavailable("Busy"), 503, true],
  ])("%s answers %i, retryable %s", (error, status, retryable) => {
    expect(error).toMatchObject({ status, retryable });
  });

  it("name every field of an invalid input in one line", () => {
    const error = new InputInvalid([
      { field: "order.items[2].quantity", problem: "expected number" },
      { field: "order.id", problem: "missing" },
    ]);
    expect(error.message).toBe("order.items[2].quantity: expected number; order.id: missing");
  });
});
