import { describe, expect, it } from "vitest";
import { crossOriginHeaders } from "./cors.ts";

const rules = {
  CORSRules: [
    {
      AllowedOrigins: ["https://*.example.com"],
      AllowedMethods: ["GET", "PUT"],
      AllowedHeaders: ["x-amz-*", "content-type"],
      ExposeHeaders: ["etag"],
      MaxAgeSeconds: 60,
    },
    { AllowedOrigins: ["*"], AllowedMethods: ["GET"] },
  ],
};
const ask = (origin: string, method: string, headers: string[] = []) =>
  crossOriginHeaders(rules, { origin, method, headers });

describe("a browser's request", () => {
  it("is allowed by the first rule that fits", () => {
    expect(ask("https://app.example.com", "PUT", ["X-Amz-Date", "Content-Type"])).toEqual({
      "access-control-allow-origin": "https://app.example.com",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "x-amz-date, content-type",
      "access-control-expose-headers": "etag",
      "access-control-max-age": "60",
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    });
    expect(ask("https://other.org", "GET")).toMatchObject({ "access-control-allow-origin": "*" });
  });

  it.each([
    ["another origin", "https://other.org", "PUT", []],
    ["another method", "https://app.example.com", "DELETE", []],
    ["another header", "https://app.example.com", "PUT", ["authorization"]],
    ["an origin that only begins so", "https://app.example.com.evil.org", "PUT", []],
  ])("of %s is not", (_name, origin, method, headers) => {
    expect(ask(origin, method, headers)).toBeUndefined();
  });

  it("is not allowed where there are no rules", () => {
    expect(crossOriginHeaders(undefined, { origin: "https://a", method: "GET", headers: [] })).toBeUndefined();
  });
});
