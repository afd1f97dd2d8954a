import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTraceHeader, writeTraceHeader } from "./trace-header.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";

describe("the trace header", () => {
  it.each([
    [`Root=${ROOT}`, { root: ROOT, parent: undefined, isSampled: undefined }],
    [`Root=${ROOT};Parent=${PARENT};Sampled=1`, { root: ROOT, parent: PARENT, isSampled: true }],
    [`Sampled=0; Parent=${PARENT}; Root=${ROOT}`, { root: ROOT, parent: PARENT, isSampled: false }],
    [`Root=${ROOT};Parent=no;Sampled=?;Lineage=1:2`, { root: ROOT, parent: undefined, isSampled: undefined }],
  ])("%s is read", (text, header) => {
    expect(readTraceHeader(text)).toEqual(header);
  });

  it.each([undefined, "", "Root=", "Root=1-2-3", `Parent=${PARENT};Sampled=1`, `Root=2${ROOT.slice(1)}`, ROOT])(
    "%s names no trace",
    (text) => {
      expect(readTraceHeader(text)).toBeUndefined();
    },
  );

  it("is written as it was read", () => {
    const header = fc.record({
      root: fc.constant(ROOT),
      parent: fc.option(fc.constant(PARENT), { nil: undefined }),
      isSampled: fc.option(fc.boolean(), { nil: undefined }),
    });
    fc.assert(fc.property(header, (value) => void expect(readTraceHeader(writeTraceHeader(value))).toEqual(value)));
  });

  it("bears any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(["object", "undefined"]).toContain(typeof readTraceHeader(text));
      }),
    );
  });
});
