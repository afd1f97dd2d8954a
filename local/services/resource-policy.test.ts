import { describe, expect, it } from "vitest";
import { isResourcePolicy } from "./resource-policy.ts";

const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
const policy = (Statement: unknown) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("a resource policy", () => {
  it.each([
    ["one statement", policy(statement)],
    ["a list of statements", policy([statement, { ...statement, Sid: "b", Effect: "Deny" }])],
    ["no statement", policy([])],
    ["lists of everything", policy({ ...statement, Principal: { AWS: ["*"] }, Action: ["a", "b"], Resource: ["c"] })],
    ["exceptions", policy({ Effect: "Deny", NotPrincipal: { AWS: "1" }, NotAction: "a", NotResource: "b" })],
    [
      "conditions",
      policy({ ...statement, Condition: { Bool: { "aws:SecureTransport": false }, StringLike: { k: ["a"] } } }),
    ],
    ["no version", JSON.stringify({ Statement: statement })],
  ])("may have %s", (_, text) => expect(isResourcePolicy(text)).toBe(true));

  it.each([
    ["text that is no JSON", "{"],
    ["a list", "[]"],
    ["nothing", "null"],
    ["no statements", "{}"],
    ["a statement that is none", policy(null)],
    ["statements that are text", policy(["x"])],
    ["a version that is a number", JSON.stringify({ Version: 1, Statement: statement })],
    ["an unknown effect", policy({ ...statement, Effect: "Perhaps" })],
    ["no action", policy({ Effect: "Allow", Principal: "*", Resource: "*" })],
    ["an action that is a number", policy({ ...statement, Action: 5 })],
    ["an action in a list that is null", policy({ ...statement, Action: [null] })],
    ["a resource that is an object", policy({ ...statement, Resource: {} })],
    ["a principal that is a name", policy({ ...statement, Principal: "me" })],
    ["a principal that is a number", policy({ ...statement, Principal: { AWS: 5 } })],
    ["a condition that is text", policy({ ...statement, Condition: "x" })],
    ["a condition without keys", policy({ ...statement, Condition: { StringEquals: "x" } })],
    ["a condition value that is an object", policy({ ...statement, Condition: { StringEquals: { k: {} } } })],
  ])("is not %s", (_, text) => expect(isResourcePolicy(text)).toBe(false));
});
