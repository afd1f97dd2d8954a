import { describe, expect, it } from "vitest";
import { type DynamicReference, resolveDynamicReferences } from "./dynamic-references.ts";

const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";

async function referenceIn(text: string): Promise<DynamicReference | undefined> {
  let seen: DynamicReference | undefined;
  await resolveDynamicReferences(
    text,
    (reference) => {
      seen = reference;
      return Promise.resolve("");
    },
    "P",
  );
  return seen;
}

describe("dynamic references", () => {
  it.each([
    ["{{resolve:ssm:/a/b}}", { service: "ssm", name: "/a/b", version: undefined }],
    ["{{resolve:ssm:/a/b:3}}", { service: "ssm", name: "/a/b", version: "3" }],
    ["{{resolve:ssm-secure:x:1}}", { service: "ssm-secure", name: "x", version: "1" }],
    [
      "{{resolve:secretsmanager:db}}",
      { secretId: "db", jsonKey: undefined, versionStage: undefined, versionId: undefined },
    ],
    ["{{resolve:secretsmanager:db:SecretString:user}}", { secretId: "db", jsonKey: "user" }],
    ["{{resolve:secretsmanager:db:SecretString:user:AWSPREVIOUS}}", { jsonKey: "user", versionStage: "AWSPREVIOUS" }],
    [
      "{{resolve:secretsmanager:db:SecretString:::v1}}",
      { jsonKey: undefined, versionStage: undefined, versionId: "v1" },
    ],
    [`{{resolve:secretsmanager:${ARN}:SecretString:user}}`, { secretId: ARN, jsonKey: "user" }],
  ])("%s is understood", async (text, expected) => {
    expect(await referenceIn(text)).toMatchObject(expected);
  });

  it("are replaced wherever they stand", async () => {
    const value = { a: ["x{{resolve:ssm:one}}y{{resolve:ssm:two}}", 5, null], b: "plain {{x}}" };
    const resolve = (reference: DynamicReference) => Promise.resolve("name" in reference ? `<${reference.name}>` : "");
    expect(await resolveDynamicReferences(value, resolve, "P")).toEqual({
      a: ["x<one>y<two>", 5, null],
      b: "plain {{x}}",
    });
  });

  it("that are malformed are refused with their place", async () => {
    const deep = { a: { b: "{{resolve:ssm:a b}}" } };
    await expect(resolveDynamicReferences(deep, () => Promise.resolve(""), "Resources.R")).rejects.toThrow(
      "Incorrect format is used in the following SSM reference: [{{resolve:ssm:a b}}] (at Resources.R.a.b)",
    );
    await expect(resolveDynamicReferences("{{resolve:vault:x}}", () => Promise.resolve(""), "P")).rejects.toThrow(
      "Unknown service vault",
    );
  });

  it("that lead nowhere say why, and where they stand", async () => {
    const failing = () => Promise.reject(new Error("Secrets Manager can't find the specified secret."));
    await expect(resolveDynamicReferences({ a: "{{resolve:secretsmanager:db}}" }, failing, "P")).rejects.toThrow(
      "Could not resolve {{resolve:secretsmanager:db}}: Secrets Manager can't find the specified secret. (at P.a)",
    );
  });
});
