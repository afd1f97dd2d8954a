import { describe, expect, it } from "vitest";
import { gate, isAligned, type Verdicts } from "./verdicts.ts";

const passed: Verdicts = { spam: "PASS", virus: "PASS", spf: "PASS", dkim: "PASS", dmarc: "PASS" };

describe("a mail", () => {
  it.each<[Partial<Verdicts>, string, (string | boolean)?]>([
    [{}, "open", false],
    // Forwarding breaks SPF, mailing lists break DKIM: DMARC has the last word.
    [{ spf: "FAIL" }, "open", false],
    [{ dkim: "FAIL" }, "open", false],
    [{ spf: "FAIL", dkim: "FAIL", dmarc: "FAIL" }, "parked", "dmarc verdict FAIL"],
    [{ dmarc: "FAIL" }, "parked", "dmarc verdict FAIL"],
    [{ dmarc: "GRAY" }, "open", true],
    [{ dmarc: "GRAY", spf: "GRAY" }, "parked", "dmarc verdict GRAY"],
    [{ dmarc: "GRAY", spf: "FAIL" }, "parked", "dmarc verdict GRAY"],
    [{ dmarc: "PROCESSING_FAILED" }, "parked", "dmarc verdict PROCESSING_FAILED"],
    [{ dmarc: undefined }, "parked", "dmarc verdict missing"],
    [{ dmarc: "NEW" }, "parked", "dmarc verdict NEW"],
    [{ spam: "FAIL" }, "dropped", "spam verdict FAIL"],
    [{ virus: "FAIL", dmarc: "FAIL" }, "dropped", "virus verdict FAIL"],
    [{ spam: "GRAY" }, "open", false],
    [{ spam: "PROCESSING_FAILED" }, "parked", "spam verdict PROCESSING_FAILED"],
    [{ spam: "DISABLED", virus: "DISABLED" }, "parked", "virus verdict DISABLED"],
    [{ virus: "GRAY" }, "parked", "virus verdict GRAY"],
    [{ virus: undefined }, "parked", "virus verdict missing"],
  ])("with %o is %s", (more, kind, detail) => {
    const found = gate({ ...passed, ...more });
    expect(found.kind).toBe(kind);
    expect(found.kind === "open" ? found.needsAlignment : found.reason).toBe(detail);
  });
});

describe("the envelope's domain", () => {
  it.each([
    ["a@example.org", "b@example.org", true],
    ["a@bounces.Example.org", "b@example.org", true],
    ["a@example.org", "b@shop.example.org", false],
    ["a@evilexample.org", "b@example.org", false],
    ["a@example.net", "b@example.org", false],
    ["", "b@example.org", false],
  ])("of %s stands for %s: %s", (envelope, from, expected) => {
    expect(isAligned(envelope, from)).toBe(expected);
  });
});
