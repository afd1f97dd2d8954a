import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localAddresses } from "./host-names.ts";
import { physicalName } from "./physical-name.ts";

describe("a physical name", () => {
  const zero = () => 0;

  it.each([
    ["shop", "Queue", 80, "shop-Queue-AAAAAAAAAAAA"],
    ["a-very-long-stack-name-of-an-application", "Queue", 40, "a-very-long-stack-nam-Queue-AAAAAAAAAAAA"],
    ["a-very-long-stack-name", "AndALogicalIdThatIsAlsoLong", 40, "a-very-long-s-AndALogicalId-AAAAAAAAAAAA"],
    ["shop", "AndALogicalIdThatIsRatherLong", 32, "shop-AndALogicalIdT-AAAAAAAAAAAA"],
  ])("of %s and %s in %i characters is %s", (stack, logicalId, length, name) => {
    expect(physicalName(stack, logicalId, length, zero)).toBe(name);
  });

  it("is lower case for buckets", () => {
    expect(physicalName("Shop", "Bucket", 63, zero, { lowercase: true })).toBe("shop-bucket-aaaaaaaaaaaa");
  });

  it("never is too long and always has its suffix", () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,100}$/);
    fc.assert(
      fc.property(name, name, fc.integer({ min: 32, max: 128 }), (stack, logicalId, length) => {
        const made = physicalName(stack, logicalId, length, Math.random);
        expect(made.length).toBeLessThanOrEqual(length);
        expect(made).toMatch(/-[A-Z0-9]{12}$/);
      }),
    );
  });
});

describe("addresses of APIs", () => {
  const endpoint = "http://127.0.0.1:4566";

  it.each([
    ["https://abc123.execute-api.us-east-1.amazonaws.com", `${endpoint}/_apis/abc123`],
    ["https://abc123.execute-api.eu-north-1.amazonaws.com/prod/x?y=1", `${endpoint}/_apis/abc123/prod/x?y=1`],
    ["https://abc123.lambda-url.us-east-1.on.aws/", `${endpoint}/_urls/abc123/`],
    [
      "see https://a.execute-api.us-east-1.amazonaws.com and https://b.execute-api.us-east-1.amazonaws.com",
      `see ${endpoint}/_apis/a and ${endpoint}/_apis/b`,
    ],
    [
      "arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/x",
      "arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/x",
    ],
    ["abc123.execute-api.us-east-1.amazonaws.com", "abc123.execute-api.us-east-1.amazonaws.com"],
    ["https://example.org/execute-api", "https://example.org/execute-api"],
  ])("%s becomes %s", (address, local) => {
    expect(localAddresses(address, endpoint)).toBe(local);
  });

  it("are found wherever they stand", () => {
    const value = { a: [{ b: "https://x.execute-api.us-east-1.amazonaws.com" }, 5, null, true] };
    expect(localAddresses(value, endpoint)).toEqual({ a: [{ b: `${endpoint}/_apis/x` }, 5, null, true] });
  });
});
