import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCOUNT, asRole, asService, type PolicyDocument, type Statement } from "../core/principal.ts";
import { account, allow, arn, cloudWith, deny, may, object, policy, read, worker } from "./policy-fixture.ts";

describe("a role's own policies", () => {
  it("allow nothing when there are none", () => {
    expect(may(cloudWith({}))).toBe(false);
  });
  it.each<[string, Statement[], boolean]>([
    ["the action and resource", [allow("s3:GetObject", "arn:aws:s3:::photos/*")], true],
    ["the action in another case", [allow("S3:getobject")], true],
    ["another resource", [allow("s3:GetObject", "arn:aws:s3:::other/*")], false],
    ["a resource in another case", [allow("s3:GetObject", "arn:aws:s3:::Photos/*")], false],
    ["the bucket, not its objects", [allow("s3:GetObject", "arn:aws:s3:::photos")], false],
    ["everything but other actions", [{ Effect: "Allow", NotAction: "s3:PutObject", Resource: "*" }], true],
    ["everything but this action", [{ Effect: "Allow", NotAction: ["s3:Get*"], Resource: "*" }], false],
    ["every resource but others", [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::other/*" }], true],
    ["every resource but this", [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::photos/*" }], false],
    ["an allow and a deny", [allow("s3:*"), deny("s3:Get*")], false],
    ["a deny before the allow", [deny("s3:Get*"), allow("s3:*")], false],
    ["a deny of something else", [allow("s3:*"), deny("s3:Put*")], true],
    [
      "a deny under a condition that fails",
      [allow("s3:*"), deny("*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } })],
      true,
    ],
  ])("naming %s", (_, inline, expected) => {
    expect(may(cloudWith({ inline }))).toBe(expected);
  });

  it("include AWS managed ones", () => {
    const iam = cloudWith({ attached: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"] });
    expect(
      may(iam, { action: "logs:PutLogEvents", resource: "arn:aws:logs:eu-west-1:1:log-group:x:log-stream:y" }),
    ).toBe(true);
    expect(may(iam)).toBe(false);
  });

  it("do not come from a role that is gone", () => {
    const iam = cloudWith({ inline: [allow("*")] });
    expect(may(iam, read, undefined, asRole(`arn:aws:iam::${account}:role/Gone`, "x"))).toBe(false);
  });
});

describe("global condition keys", () => {
  it.each<[string, string, string]>([
    ["StringEquals", "aws:PrincipalArn", arn],
    ["StringEquals", "aws:PrincipalAccount", account],
    ["StringEquals", "aws:RequestedRegion", "eu-west-1"],
    ["StringEquals", "aws:PrincipalType", "AssumedRole"],
    ["StringEquals", "aws:userid", "AROAWORKER:fn"],
    ["StringEquals", "aws:PrincipalTag/Team", "blue"],
    ["StringEquals", "aws:ResourceTag/team", "red"],
    ["StringEquals", "s3:prefix", "a/"],
    ["Bool", "aws:SecureTransport", "true"],
    ["Bool", "aws:PrincipalIsAWSService", "false"],
    ["IpAddress", "aws:SourceIp", "127.0.0.0/8"],
    ["DateGreaterThan", "aws:CurrentTime", "2026-01-02T00:00:00Z"],
    ["DateLessThan", "aws:CurrentTime", "2026-01-02T03:04:06Z"],
    ["NumericEquals", "aws:EpochTime", "1767323045"],
    ["Null", "aws:username", "true"],
    ["Null", "aws:SourceArn", "true"],
  ])("%s %s %s holds", (operator, key, value) => {
    const iam = cloudWith({
      inline: [allow("*", "*", { Condition: { [operator]: { [key]: value } } })],
      tags: { team: "blue" },
    });
    expect(may(iam, { ...read, context: { "aws:ResourceTag/Team": "red", "s3:prefix": "a/" } })).toBe(true);
  });
});

describe("a permissions boundary", () => {
  it("limits what the policies allow and allows nothing itself", () => {
    expect(may(cloudWith({ inline: [allow("*")], boundary: [allow("s3:*")] }))).toBe(true);
    expect(may(cloudWith({ inline: [allow("*")], boundary: [allow("sqs:*")] }))).toBe(false);
    expect(may(cloudWith({ inline: [], boundary: [allow("*")] }))).toBe(false);
    expect(may(cloudWith({ inline: [allow("*")], boundary: [allow("*"), deny("s3:GetObject")] }))).toBe(false);
  });
  it("is passed by when the resource names the session, not when it names the role", () => {
    const iam = cloudWith({ boundary: [allow("sqs:*")] });
    const grant = (name: string) => policy(allow("s3:GetObject", object, { Principal: { AWS: name } }));
    expect(may(iam, read, grant(`arn:aws:sts::${account}:assumed-role/Worker/fn`))).toBe(true);
    expect(may(iam, read, grant(arn))).toBe(false);
  });
});

describe("a session policy", () => {
  it("narrows the session to what it allows", () => {
    const iam = cloudWith({ inline: [allow("s3:*")] });
    const narrowed = (...statements: Statement[]) => {
      const session = { policies: [JSON.stringify(policy(...statements))], policyArns: [], tags: {} };
      return iam.principalOf(iam.issue(arn, "fn", 900, session).accessKeyId);
    };
    expect(may(iam, read, undefined, narrowed(allow("s3:GetObject")))).toBe(true);
    expect(may(iam, read, undefined, narrowed(allow("s3:PutObject")))).toBe(false);
    expect(may(iam, { action: "sqs:SendMessage", resource: "*" }, undefined, narrowed(allow("*")))).toBe(false);
  });
});

describe("a resource policy", () => {
  const grant = (Principal: Statement["Principal"], rest: Partial<Statement> = {}) =>
    policy(allow("s3:GetObject", "arn:aws:s3:::photos/*", { ...(Principal && { Principal }), ...rest }));
  const s3 = asService("s3.amazonaws.com", "arn:aws:s3:::photos");

  it.each<[string, PolicyDocument, boolean]>([
    ["the role", grant({ AWS: arn }), true],
    ["everybody", grant("*"), true],
    ["everybody in AWS", grant({ AWS: ["*"] }), true],
    ["another role", grant({ AWS: `${arn}2` }), false],
    ["a pattern of roles, which means nothing", grant({ AWS: `arn:aws:iam::${account}:role/*` }), false],
    ["only the account, which leaves it to the role's policies", grant({ AWS: account }), false],
    ["a service", grant({ Service: "s3.amazonaws.com" }), false],
    ["nobody, as it has no principal", grant(undefined), false],
  ])("that allows %s: %s", (_, document, expected) => {
    expect(may(cloudWith({}), read, document)).toBe(expected);
  });

  it("that denies wins over the role's policies, and binds the account itself", () => {
    const iam = cloudWith({ inline: [allow("*")] });
    const document = policy(deny("s3:GetObject", "*", { Principal: "*" }));
    expect(may(iam, read, document)).toBe(false);
    expect(may(iam, read, document, ACCOUNT)).toBe(false);
    expect(may(iam, read, undefined, ACCOUNT)).toBe(true);
  });

  it("excepts by NotPrincipal only who is listed with session, role and account", () => {
    const iam = cloudWith({ inline: [allow("*")] });
    const session = `arn:aws:sts::${account}:assumed-role/Worker/fn`;
    const except = (...names: string[]): PolicyDocument =>
      policy({ Effect: "Deny", NotPrincipal: { AWS: names }, Action: "*", Resource: "*" });
    expect(may(iam, read, except(account, arn, session))).toBe(true);
    expect(may(iam, read, except(arn, session))).toBe(false);
    expect(may(iam, read, except(account))).toBe(false);
  });

  it("is what a service needs, with the right source", () => {
    const iam = cloudWith({});
    const from = (source: string, by = "aws:SourceArn") =>
      grant(
        { Service: "s3.amazonaws.com" },
        { Condition: { ArnLike: { [by]: source }, StringEquals: { "AWS:SourceAccount": account } } },
      );
    expect(may(iam, read, undefined, s3)).toBe(false);
    expect(may(iam, read, from("arn:aws:s3:::photos"), s3)).toBe(true);
    expect(may(iam, read, from("arn:aws:s3:::other"), s3)).toBe(false);
    expect(may(iam, read, grant({ Service: "sns.amazonaws.com" }), s3)).toBe(false);
    expect(may(iam, read, grant("*"), s3)).toBe(true);
  });

  it("lets alarms through SNS's first policy, and not buckets", () => {
    const first = policy(
      allow("sns:Publish", "*", {
        Principal: { AWS: "*" },
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      }),
    );
    const publish = { action: "sns:Publish", resource: "arn:aws:sns:eu-west-1:1:t" };
    const iam = cloudWith({});
    expect(may(iam, publish, first, asService("cloudwatch.amazonaws.com", "arn:alarm"))).toBe(true);
    expect(may(iam, publish, first, s3)).toBe(false);
  });

  it("is what nobody in particular needs", () => {
    const iam = cloudWith({});
    expect(may(iam, read, undefined, { kind: "anonymous" })).toBe(false);
    expect(may(iam, read, grant({ AWS: account }), { kind: "anonymous" })).toBe(false);
    expect(may(iam, read, grant("*"), { kind: "anonymous" })).toBe(true);
  });
});

describe("whatever the policies are", () => {
  const action = fc.constantFrom("s3:GetObject", "s3:Get*", "s3:*", "*", "sqs:*", "S3:GETOBJECT");
  const resource = fc.constantFrom(
    object,
    "arn:aws:s3:::photos/*",
    "*",
    "arn:aws:s3:::other/*",
    "arn:aws:s3:::photos/ca?.jpg",
  );
  const statement = fc.record({
    Effect: fc.constantFrom("Allow" as const, "Deny" as const),
    Action: action,
    Resource: resource,
  });
  const statements = fc.array(statement, { maxLength: 5 });

  it("adding a deny or a boundary never allows more", () => {
    fc.assert(
      fc.property(statements, statements, statement, (inline, boundary, extra) => {
        const before = may(cloudWith({ inline }));
        const withDeny = may(cloudWith({ inline: [...inline, { ...extra, Effect: "Deny" }] }));
        const withBoundary = may(cloudWith({ inline, boundary }));
        expect(before || !withDeny).toBe(true);
        expect(before || !withBoundary).toBe(true);
      }),
    );
  });
  it("their order does not matter", () => {
    fc.assert(
      fc.property(statements, (inline) => {
        expect(may(cloudWith({ inline }))).toBe(may(cloudWith({ inline: inline.toReversed() })));
      }),
    );
  });
});

it("decides in microseconds", () => {
  const many = Array.from({ length: 20 }, (_, i) =>
    allow([`dynamodb:Action${i}`, "sqs:*"], `arn:aws:dynamodb:*:*:table/T${i}`),
  );
  const iam = cloudWith({ inline: [...many, allow("s3:GetObject", "arn:aws:s3:::photos/*")] });
  for (let i = 0; i < 2000; i++) iam.authorize(worker, read, undefined);
  const started = performance.now();
  for (let i = 0; i < 10_000; i++) iam.authorize(worker, read, undefined);
  // Measured 2 to 4 µs; the bound leaves room for a busy machine.
  expect((performance.now() - started) / 10).toBeLessThan(100);
});
