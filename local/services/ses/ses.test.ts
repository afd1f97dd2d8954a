/** Both versions of SES through their SDK clients: what they send, refuse and keep. */
import * as V1 from "@aws-sdk/client-ses";
import * as V2 from "@aws-sdk/client-sesv2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutboxMessage } from "../sns/outbox.ts";
import { testCloud, type TestCloud } from "../../testing.ts";
import { parseAddress, splitAddresses } from "./address.ts";
import { parseMail } from "./mime.ts";
import { render, templateProblem } from "./template.ts";

const refusal = (name: string, message?: RegExp | string) =>
  expect.objectContaining({
    name,
    ...(message !== undefined && { message: typeof message === "string" ? message : expect.stringMatching(message) }),
  });
const outbox = (cloud: TestCloud) => [...cloud.storage.map<OutboxMessage>("outbox.messages").values()];
const send = (cloud: TestCloud, rest: Partial<V1.SendEmailCommandInput> = {}, subject = "Hi") =>
  cloud.client(V1.SESClient).send(
    new V1.SendEmailCommand({
      Source: "shop@example.com",
      Destination: { ToAddresses: ["ann@example.org"] },
      Message: { Subject: { Data: subject }, Body: { Text: { Data: "text" }, Html: { Data: "<p>html</p>" } } },
      ...rest,
    }),
  );
const verify = (cloud: TestCloud, EmailIdentity = "example.com") =>
  cloud.client(V2.SESv2Client).send(new V2.CreateEmailIdentityCommand({ EmailIdentity }));

describe("sending", () => {
  it("puts the mail into the outbox", async () => {
    await using cloud = await testCloud();
    await verify(cloud);
    const { MessageId } = await send(cloud, {
      Source: "The Shop <shop@example.com>",
      Destination: { ToAddresses: ["Ann <ann@example.org>"], BccAddresses: ["log@example.org"] },
    });
    expect(MessageId).toMatch(/^0100[0-9a-f-]+-000000$/);
    expect(outbox(cloud)).toMatchObject([
      {
        kind: "email",
        from: "The Shop <shop@example.com>",
        to: ["ann@example.org", "log@example.org"],
        subject: "Hi",
        text: "text",
        html: "<p>html</p>",
        source: "ses",
        at: "2030-01-07T12:00:00.000Z",
      },
    ]);
  });
  it("needs a verified sender: the address, its domain or a parent domain", async () => {
    await using cloud = await testCloud();
    const message =
      "Email address is not verified. The following identities failed the check in region US-EAST-1: shop@example.com";
    await expect(send(cloud)).rejects.toEqual(refusal("MessageRejected", message));
    await cloud.client(V1.SESClient).send(new V1.VerifyEmailIdentityCommand({ EmailAddress: "shop@example.com" }));
    await send(cloud);
    await expect(send(cloud, { Source: "other@example.com" })).rejects.toEqual(refusal("MessageRejected"));
    await verify(cloud);
    await send(cloud, { Source: "other@EXAMPLE.com" });
    await send(cloud, { Source: "other@mail.example.com" });
    await expect(send(cloud, { Source: "other@badexample.com" })).rejects.toEqual(refusal("MessageRejected"));
    expect(outbox(cloud)).toHaveLength(3);
  });
  it.each<[string, Partial<V1.SendEmailCommandInput>, string, RegExp]>([
    ["no recipient", { Destination: {} }, "Hi", /Missing required header 'To'/],
    [
      "51 recipients",
      { Destination: { ToAddresses: Array.from({ length: 51 }, (_, i) => `a${i}@example.org`) } },
      "Hi",
      /Recipient count exceeds 50/,
    ],
    ["a recipient without domain", { Destination: { ToAddresses: ["ann"] } }, "Hi", /Missing final '@domain'/],
    ["a header in the subject", {}, "Hi\r\nBcc: spy@example.net", /control characters/],
    [
      "a header in an address",
      { Destination: { ToAddresses: ["ann@example.org\r\nBcc: spy@example.net"] } },
      "Hi",
      /control or whitespace/,
    ],
    ["a header in a name", { Source: "Shop\nX: y <shop@example.com>" }, "Hi", /control or whitespace/],
    [
      "two addresses in one",
      { Destination: { ToAddresses: ["a@example.org, b@example.org"] } },
      "Hi",
      /control or whitespace/,
    ],
    ["an unknown configuration set", { ConfigurationSetName: "none" }, "Hi", /Configuration set <none> does not exist/],
  ])("with %s is refused", async (_, rest, subject, message) => {
    await using cloud = await testCloud();
    await verify(cloud);
    await expect(send(cloud, rest, subject)).rejects.toThrow(message);
    expect(outbox(cloud)).toEqual([]);
  });
  it("stops at ten megabytes in version 1", async () => {
    await using cloud = await testCloud();
    await verify(cloud);
    const big = (size: number) =>
      send(cloud, { Message: { Subject: { Data: "" }, Body: { Text: { Data: "x".repeat(size) } } } });
    await big(10_485_760);
    await expect(big(10_485_761)).rejects.toThrow("Message length is more than 10485760 bytes long: '10485761'.");
  });
  it("asks IAM about the sender's identity", async () => {
    await using cloud = await testCloud();
    await verify(cloud);
    const service = await cloud.dispatcher.load("ses");
    const asked = service.permissions?.("SendEmail", {
      Source: "Shop <shop@example.com>",
      Destination: { ToAddresses: ["ann@example.org"] },
      ConfigurationSetName: "c",
    });
    expect(asked).toMatchObject([
      {
        action: "ses:SendEmail",
        resource: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
        context: { "ses:FromAddress": "shop@example.com", "ses:Recipients": ["ann@example.org"] },
      },
      { resource: "arn:aws:ses:us-east-1:123456789012:configuration-set/c" },
    ]);
  });
});

describe("version 2", () => {
  const sendV2 = (cloud: TestCloud, Content: V2.EmailContent) =>
    cloud.client(V2.SESv2Client).send(
      new V2.SendEmailCommand({
        FromEmailAddress: "shop@example.com",
        Destination: { ToAddresses: ["ann@example.org"] },
        Content,
      }),
    );
  it("sends simple mails", async () => {
    await using cloud = await testCloud();
    const simple = { Simple: { Subject: { Data: "S" }, Body: { Text: { Data: "T" } } } };
    await expect(sendV2(cloud, simple)).rejects.toEqual(refusal("MessageRejected"));
    await verify(cloud);
    await sendV2(cloud, simple);
    expect(outbox(cloud)).toMatchObject([{ subject: "S", text: "T", to: ["ann@example.org"] }]);
    await expect(sendV2(cloud, {})).rejects.toEqual(refusal("BadRequestException"));
  });
  it("sends whole mails, with their parts readable", async () => {
    await using cloud = await testCloud();
    await verify(cloud);
    const raw = [
      "From: Shop <shop@example.com>",
      "To: ann@example.org",
      "Subject: =?UTF-8?B?R3LDvMOfZQ==?=",
      'Content-Type: multipart/alternative; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "Sch=C3=B6n=",
      "er Tag",
      "--b",
      "Content-Type: text/html",
      "Content-Transfer-Encoding: base64",
      "",
      "PGI+eDwvYj4=",
      "--b--",
    ].join("\r\n");
    await sendV2(cloud, { Raw: { Data: Buffer.from(raw) } });
    await cloud.client(V1.SESClient).send(new V1.SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    expect(outbox(cloud)).toMatchObject([
      { subject: "Grüße", text: "Schöner Tag", html: "<b>x</b>", raw },
      { from: "Shop <shop@example.com>", to: ["ann@example.org"] },
    ]);
  });
  it("keeps identities", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(V2.SESv2Client);
    expect(await verify(cloud)).toMatchObject({ IdentityType: "DOMAIN", VerifiedForSendingStatus: true });
    await expect(verify(cloud)).rejects.toEqual(refusal("AlreadyExistsException"));
    expect(
      (await client.send(new V2.ListEmailIdentitiesCommand({}))).EmailIdentities?.map(
        ({ IdentityName }) => IdentityName,
      ),
    ).toEqual(["example.com"]);
    const { VerificationAttributes } = await cloud
      .client(V1.SESClient)
      .send(new V1.GetIdentityVerificationAttributesCommand({ Identities: ["example.com", "other.com"] }));
    expect(VerificationAttributes).toEqual({ "example.com": { VerificationStatus: "Success" } });
    await client.send(new V2.DeleteEmailIdentityCommand({ EmailIdentity: "example.com" }));
    await expect(client.send(new V2.GetEmailIdentityCommand({ EmailIdentity: "example.com" }))).rejects.toEqual(
      refusal("NotFoundException"),
    );
  });
});

describe("a template", () => {
  it("is filled in, by both versions", async () => {
    await using cloud = await testCloud();
    await verify(cloud);
    const v1 = cloud.client(V1.SESClient);
    await v1.send(
      new V1.CreateTemplateCommand({
        Template: {
          TemplateName: "t",
          SubjectPart: "Order {{order.id}}",
          HtmlPart: "<b>{{name}}</b>",
          TextPart: "{{name}}",
        },
      }),
    );
    const mail = { Source: "shop@example.com", Destination: { ToAddresses: ["ann@example.org"] }, Template: "t" };
    await v1.send(
      new V1.SendTemplatedEmailCommand({ ...mail, TemplateData: JSON.stringify({ order: { id: 7 }, name: "<Ann>" }) }),
    );
    expect(outbox(cloud)).toMatchObject([{ subject: "Order 7", html: "<b>&#60;Ann&#62;</b>", text: "<Ann>" }]);
    // Data that does not fit gives no error and no mail, as on AWS.
    await v1.send(new V1.SendTemplatedEmailCommand({ ...mail, TemplateData: "{}" }));
    expect(outbox(cloud)).toHaveLength(1);
    expect(cloud.logged.join()).toContain("Attribute 'order.id' is not present in the rendering data.");
    await expect(
      v1.send(new V1.SendTemplatedEmailCommand({ ...mail, Template: "none", TemplateData: "{}" })),
    ).rejects.toEqual(refusal("TemplateDoesNotExistException"));
    const { TemplateContent } = await cloud
      .client(V2.SESv2Client)
      .send(new V2.GetEmailTemplateCommand({ TemplateName: "t" }));
    expect(TemplateContent).toEqual({ Subject: "Order {{order.id}}", Html: "<b>{{name}}</b>", Text: "{{name}}" });
  });
  it("with more than attributes is refused", () => {
    expect(templateProblem("{{#if x}}y{{/if}}")).toContain("not supported");
    expect(templateProblem("{{x")).toContain("Unclosed");
    expect(templateProblem("a {{x}} {{{ y.z }}}")).toBeUndefined();
  });
  it("does not reach into prototypes", () => {
    expect(() => render("{{constructor.name}}", {})).toThrow("not present");
    expect(render("{{{x}}}", { x: "<b>" }, true)).toBe("<b>");
  });
});

describe("an address", () => {
  it.each([
    ["ann@example.com", "ann@example.com", undefined],
    ["Ann Lee <ann@example.com>", "ann@example.com", "Ann Lee"],
    ['"Lee, Ann" <ann@example.com>', "ann@example.com", "Lee, Ann"],
    ["<ann+tag@example.com>", "ann+tag@example.com", undefined],
  ])("%s", (text, address, displayName) => {
    expect(parseAddress(text)).toEqual({ address, displayName });
  });
  it.each([
    "",
    "ann",
    "@example.com",
    "ann@",
    "ann@-x.com",
    "a b@example.com",
    "ann@exa mple.com",
    "a@b@c..d",
    "x <a@b.c> y",
  ])("is none: %s", (text) => {
    expect(() => parseAddress(text)).toThrow(/Missing|Local|Domain/);
  });
  it("stands in lists between commas", () => {
    expect(splitAddresses('"Lee, Ann" <a@b.c>, d@e.f')).toEqual(['"Lee, Ann" <a@b.c>', "d@e.f"]);
  });
});

it("any bytes can be read as a mail", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(parseMail(Buffer.from(bytes)).headers).toBeInstanceOf(Map);
    }),
  );
});

it("an identity and a template of a CloudFormation template may send", async () => {
  await using cloud = await testCloud();
  const context = {
    stackName: "s",
    stackId: "s",
    logicalId: "I",
    tags: {},
    physicalName: () => "s-T-1",
    folder: undefined,
  };
  await (await cloud.providerOf("AWS::SES::EmailIdentity"))?.create({ EmailIdentity: "example.com" }, context);
  const made = await (
    await cloud.providerOf("AWS::SES::Template")
  )?.create({ Template: { SubjectPart: "S", TextPart: "T" } }, context);
  expect(made?.physicalId).toBe("s-T-1");
  await send(cloud);
  expect(outbox(cloud)).toHaveLength(1);
});
