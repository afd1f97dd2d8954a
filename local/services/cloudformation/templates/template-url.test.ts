import { describe, expect, it } from "vitest";
import { templateLocation } from "./template-url.ts";

describe("a template's address", () => {
  it.each([
    "https://s3.amazonaws.com/my.bucket/a/b.yaml",
    "https://s3.us-east-1.amazonaws.com/my.bucket/a/b.yaml",
    "https://s3-eu-west-1.amazonaws.com/my.bucket/a/b.yaml",
    "https://s3.dualstack.eu-west-1.amazonaws.com/my.bucket/a/b.yaml",
    "https://my.bucket.s3.amazonaws.com/a/b.yaml",
    "https://my.bucket.s3.us-east-1.amazonaws.com/a/b.yaml",
    "https://my.bucket.s3-us-west-2.amazonaws.com/a%2Fb.yaml",
    "http://127.0.0.1:4566/my.bucket/a/b.yaml",
    "http://localhost:4566/my.bucket/a/b.yaml",
    "http://my.bucket.localhost:4566/a/b.yaml",
  ])("%s names an object of a local bucket", (address) => {
    expect(templateLocation(address)).toEqual({ bucket: "my.bucket", key: "a/b.yaml", versionId: undefined });
  });

  it("may name a version, and have odd characters", () => {
    expect(templateLocation("https://s3.amazonaws.com/b/%C3%A4%20%26.json?versionId=v1")).toEqual({
      bucket: "b",
      key: "ä &.json",
      versionId: "v1",
    });
  });

  it.each([
    "",
    "template.yaml",
    "ftp://s3.amazonaws.com/b/k",
    "s3://b/k",
    "https://example.com/b/k",
    "https://s3.amazonaws.com.example.com/b/k",
    "https://s3.amazonaws.com/",
    "https://s3.amazonaws.com/b",
    "https://b.s3.amazonaws.com/",
    "https://s3.amazonaws.com/b/%zz",
  ])("cannot be %j", (address) => {
    expect(() => templateLocation(address)).toThrow("TemplateURL must be a supported URL.");
  });
});
