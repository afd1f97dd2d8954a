import { describe, expect, it } from "vitest";
import { ACCOUNT, asService, type PolicyDocument, type Statement } from "../core/principal.ts";
import { account, allow, arn, cloudWith, deny, may, object, policy, read, worker } from "./policy-fixture.ts";

describe("a denial", () => {
  const message = (iam: ReturnType<typeof cloudWith>, document?: PolicyDocument, permission = read) => {
    try {
      iam.authorize(worker, permission, document);
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : "?";
    }
    return "allowed";
  };
  const start = `AccessDeniedException: User: arn:aws:sts::${account}:assumed-role/Worker/fn is not authorized to perform: s3:GetObject on resource: "${object}"`;

  it.each<[string, Parameters<typeof cloudWith>[0], PolicyDocument | undefined]>([
    ["because no identity-based policy allows the s3:GetObject action", {}, undefined],
    ["with an explicit deny in an identity-based policy", { inline: [allow("*"), deny("s3:*")] }, undefined],
    [
      "with an explicit deny in a resource-based policy",
      { inline: [allow("*")] },
      policy(deny("s3:*", "*", { Principal: "*" })),
    ],
    [
      "because no permissions boundary allows the s3:GetObject action",
      { inline: [allow("*")], boundary: [allow("sqs:*")] },
      undefined,
    ],
    ["with an explicit deny in a permissions boundary", { inline: [allow("*")], boundary: [deny("s3:*")] }, undefined],
  ])("says %s", (reason, role, document) => {
    expect(message(cloudWith(role), document)).toBe(`${start} ${reason}`);
  });

  it("quotes the resource for S3 alone", () => {
    const send = { action: "sqs:SendMessage", resource: "arn:aws:sqs:eu-west-1:1:q" };
    expect(message(cloudWith({}), undefined, send)).toMatch(/on resource: arn:aws:sqs:eu-west-1:1:q because/);
  });

  it("names the service whose delivery the target does not allow", () => {
    const bucket = asService("s3.amazonaws.com", "arn:aws:s3:::photos");
    expect(() => cloudWith({}).authorize(bucket, { action: "sqs:SendMessage", resource: "arn:q" }, undefined)).toThrow(
      "User: s3.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: arn:q because no resource-based policy allows the sqs:SendMessage action",
    );
  });
});

describe("a trust policy", () => {
  const trusting = (Principal: Statement["Principal"], inline: Statement[] = []) =>
    cloudWith({ trust: [{ Effect: "Allow", Action: "sts:AssumeRole", ...(Principal && { Principal }) }], inline });

  it("opens the role to whom it names, and identity policies alone do not", () => {
    const lambda = asService("lambda.amazonaws.com", "arn:fn");
    expect(trusting({ Service: "lambda.amazonaws.com" }).trusts(arn, lambda)).toBe(true);
    expect(trusting({ Service: "states.amazonaws.com" }).trusts(arn, lambda)).toBe(false);
    expect(trusting({ Service: "lambda.amazonaws.com" }, [allow("*")]).trusts(arn, worker)).toBe(false);
    expect(trusting({ AWS: arn }).trusts(arn, worker)).toBe(true);
    expect(trusting({ AWS: account }).trusts(arn, worker)).toBe(false);
    expect(trusting({ AWS: account }, [allow("sts:AssumeRole", arn)]).trusts(arn, worker)).toBe(true);
    expect(trusting({ AWS: account }).trusts(arn, ACCOUNT)).toBe(true);
    expect(trusting({ Service: "lambda.amazonaws.com" }).trusts(arn, ACCOUNT)).toBe(false);
  });
  it("is not there for an unknown role or the same name under another path", () => {
    expect(trusting("*").trusts(`arn:aws:iam::${account}:role/Nobody`, ACCOUNT)).toBe(false);
    expect(trusting("*").trusts(`arn:aws:iam::${account}:role/other/Worker`, ACCOUNT)).toBe(false);
  });
});

describe("grants", () => {
  it("are reported by statement and action until they are used", () => {
    const iam = cloudWith({
      inline: [allow(["s3:GetObject", "s3:Put*"], "*", { Sid: "Files" }), allow("sqs:SendMessage"), deny("s3:Delete*")],
    });
    expect(iam.unusedGrants()).toHaveLength(3);
    iam.authorize(worker, read, undefined);
    expect(iam.unusedGrants()).toEqual([
      { role: arn, policy: "main", statement: "Files", action: "s3:put*" },
      { role: arn, policy: "main", statement: "#1", action: "sqs:sendmessage" },
    ]);
  });
  it("are not used up by looking", () => {
    const iam = cloudWith({ inline: [allow("s3:GetObject")] });
    iam.evaluate(worker, read, undefined);
    expect(iam.unusedGrants()).toHaveLength(1);
  });
  it("are gone while withheld", () => {
    const iam = cloudWith({ inline: [allow("s3:*")] });
    const giveBack = iam.withhold(arn, "s3:Get*");
    expect(may(iam)).toBe(false);
    expect(may(iam, { action: "s3:PutObject", resource: object })).toBe(true);
    giveBack();
    expect(may(iam)).toBe(true);
  });
});
