import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { draftOf, RequestEvent, TARGETS, traceIdOf } from "./request-event.ts";

const TRACE = "1-5759e988-bd862e3fe1be46a994272793";
const request = {
  query: { target: "lambda", color: "green" },
  payload: undefined,
  correlationId: "order-7",
  idempotencyKey: "7:1",
  traceHeader: `Root=${TRACE};Parent=557abcec3ee5a047;Sampled=1`,
};

describe("the event of a request", () => {
  it("is the query, and by what it can be followed", () => {
    expect(RequestEvent.parse(draftOf(request))).toEqual({
      apiEvent: { target: "lambda", color: "green" },
      metadata: { correlationId: "order-7", idempotencyKey: "7:1", traceId: TRACE },
    });
  });

  it("has what was posted as its payload", () => {
    expect(RequestEvent.parse(draftOf({ ...request, payload: { n: 1 } }))).toMatchObject({ payload: { n: 1 } });
  });

  it.each([
    ["an unknown target", { query: { target: "sqs" } }],
    ["no target", { query: {} }],
    ["a target with a space", { query: { target: "lambda " } }],
    ["a value with a line break", { query: { target: "sfn", a: "x\ny" } }],
    ["a value of 1,025 characters", { query: { target: "sfn", a: "x".repeat(1_025) } }],
    ["a list as payload", { payload: [1] }],
    ["an idempotency key with a space", { idempotencyKey: "a b" }],
    ["an idempotency key of 129 characters", { idempotencyKey: "x".repeat(129) }],
    ["an empty correlation id", { correlationId: "" }],
  ])("is refused with %s", (_what, change) => {
    expect(RequestEvent.safeParse(draftOf({ ...request, ...change })).success).toBe(false);
  });

  it("takes any other parameter along, whatever it is called", () => {
    const name = fc.string().filter((text) => text !== "target" && text !== "__proto__");
    const query = fc.dictionary(name, fc.string({ maxLength: 100, unit: "grapheme-ascii" }), { maxKeys: 5 });
    fc.assert(
      fc.property(query, fc.constantFrom(...TARGETS), (others, target) => {
        const event = RequestEvent.parse(draftOf({ ...request, query: { ...others, target } }));
        expect(event.apiEvent).toEqual({ ...others, target });
      }),
    );
  });

  it("is described by the schema for consumers", () => {
    const file = join(import.meta.dirname, "../schema/request.schema.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(
      JSON.parse(JSON.stringify({ title: "Request", ...z.toJSONSchema(RequestEvent, { io: "input" }) })),
    );
  });
});

describe("the id of a trace", () => {
  it.each([
    [`Root=${TRACE}`, TRACE],
    [`Sampled=1;Root=${TRACE};Lineage=a:1`, TRACE],
    ["Root=1-2-3", undefined],
    [`NotRoot=${TRACE}`, undefined],
    [undefined, undefined],
  ])("in %s is %s", (header, id) => expect(traceIdOf(header)).toBe(id));
});
