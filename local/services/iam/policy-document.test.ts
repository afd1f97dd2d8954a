import { describe, expect, it } from "vitest";
import { checkPolicyDocument } from "./policy-document.ts";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };
const trusting = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
const document = (body: unknown) => JSON.stringify({ Version: "2012-10-17", Statement: body });

describe("a policy of a role", () => {
  it.each<[string, unknown]>([
    ["one statement without a list", statement],
    ["several", [statement, { ...statement, Sid: "Second" }]],
    ["everything", { ...statement, Action: "*", Resource: "*" }],
    ["lists and exceptions", { Effect: "Deny", NotAction: ["iam:*", "sts:Get*"], NotResource: ["arn:aws:s3:::a"] }],
    [
      "conditions",
      {
        ...statement,
        Condition: { "ForAllValues:StringLikeIfExists": { "aws:TagKeys": ["a", "b"] }, Null: { "s3:x": true } },
      },
    ],
    // oxlint-disable-next-line no-template-curly-in-string -- a policy variable
    ["variables", { ...statement, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team}/*" }],
    ["short patterns", { ...statement, Resource: "arn:aws:sqs:*" }],
  ])("may have %s", (_, body) => {
    expect(() => checkPolicyDocument(document(body), "identity")).not.toThrow();
  });

  it.each<[string, string]>([
    ["{", "This policy contains invalid Json"],
    ["[]", "Syntax errors in policy."],
    ["null", "Syntax errors in policy."],
    ['"x"', "Syntax errors in policy."],
    [JSON.stringify({ Version: "2012-10-17" }), "Syntax errors in policy."],
    [JSON.stringify({ Version: "2020-01-01", Statement: [statement] }), "Syntax errors in policy."],
    [
      JSON.stringify({ Version: "2008-10-17", Statement: [statement] }),
      "Policy document must be version 2012-10-17 or greater.",
    ],
    [document([]), "Syntax errors in policy."],
    [document({ ...statement, Extra: 1 }), "Syntax errors in policy."],
    [document({ ...statement, Effect: "allow" }), "Syntax errors in policy."],
    [document({ ...statement, Action: undefined }), "Policy statement must contain actions."],
    [document({ ...statement, NotAction: "s3:*" }), "Syntax errors in policy."],
    [
      document({ ...statement, Action: "GetObject" }),
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
    [document({ ...statement, Action: [7] }), "Syntax errors in policy."],
    [document({ ...statement, Resource: undefined }), "Policy statement must contain resources."],
    [document({ ...statement, Resource: "bucket" }), 'Resource bucket must be in ARN format or "*".'],
    [document({ ...statement, Resource: "arn:aws:s3" }), "The following resources are not in ARN format: arn:aws:s3"],
    [
      document({ ...statement, Resource: "arn:moon:s3:::b" }),
      'Partition "moon" is not valid for resource "arn:moon:s3:::b".',
    ],
    [document({ ...statement, Principal: "*" }), "Policy document should not specify a principal."],
    [document({ ...statement, Condition: { Equals: { "aws:x": "1" } } }), "Invalid Condition type : Equals."],
    [
      document({ ...statement, Condition: { Bool: { x: "1" } } }),
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
    [
      document([
        { ...statement, Sid: "A" },
        { ...statement, Sid: "A" },
      ]),
      "Statement IDs (SID) in a single policy must be unique.",
    ],
    [document({ ...statement, Action: "s3:Getö\u4e2d" }), "The policy is not in the valid JSON format."],
  ])("is refused: %s", (text, message) => {
    expect(() => checkPolicyDocument(text, "identity")).toThrow(
      expect.objectContaining({ name: "MalformedPolicyDocumentException", message }),
    );
  });
});

describe("a trust policy", () => {
  it.each<[string, unknown]>([
    ["a service", trusting],
    ["accounts and roles", { ...trusting, Principal: { AWS: ["123456789012", "arn:aws:iam::123456789012:role/R"] } }],
    [
      "everybody under a condition",
      { ...trusting, Principal: "*", Condition: { StringEquals: { "sts:ExternalId": "x" } } },
    ],
    ["session tags", { ...trusting, Action: ["sts:AssumeRole", "sts:TagSession"] }],
    ["a regional service", { ...trusting, Principal: { Service: "states.us-east-1.amazonaws.com" } }],
  ])("may name %s", (_, body) => {
    expect(() => checkPolicyDocument(document(body), "trust")).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ ...trusting, Resource: "*" }, "Has prohibited field Resource"],
    [{ ...trusting, Principal: undefined }, "Missing required field Principal"],
    [{ ...trusting, Action: "s3:GetObject" }, "AssumeRole policy may only specify STS AssumeRole actions."],
    [
      { ...trusting, Principal: { AWS: "arn:aws:iam::123456789012:role/*" } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
    ],
    [{ ...trusting, Principal: { Service: "lambda" } }, 'Invalid principal in policy: "Service":"lambda"'],
    [{ ...trusting, Principal: { Robot: "x" } }, 'Invalid principal in policy: "Robot"'],
  ])("is refused: %j", (body, message) => {
    expect(() => checkPolicyDocument(document(body), "trust")).toThrow(message);
  });
});
