import { describe, expect, it } from "vitest";
import { consoleCloud } from "../testing/console-cloud.ts";

describe("mails and SMS", () => {
  const HTML = "<p>Thanks</p><script>alert(1)</script>";

  it("are listed newest first and shown one by one", async () => {
    await using it = await consoleCloud();
    await it.call("ses", "VerifyEmailIdentity", { EmailAddress: "shop@example.com" });
    await it.call("ses", "SendEmail", {
      Source: "shop@example.com",
      Destination: { ToAddresses: ["ada@example.com"] },
      Message: { Subject: { Data: "<b>Order</b>" }, Body: { Html: { Data: HTML }, Text: { Data: "Thanks" } } },
    });
    await it.call("sns", "Publish", { PhoneNumber: "+4712345678", Message: "On its way" });
    const { mails } = await it.get<{ mails: { id: string; kind: string; subject: string }[] }>("/mails");
    expect(mails.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["sms", "On its way"],
      ["email", "<b>Order</b>"],
    ]);
    const id = mails[1]?.id ?? "";
    const mail = await it.get("/mail", { id });
    expect(mail).toMatchObject({ from: "shop@example.com", to: ["ada@example.com"], text: "Thanks", hasHtml: true });
    expect(mail).not.toHaveProperty("html");
    const framed = await fetch(`${it.address}/api/mail/html?id=${id}`);
    expect(await framed.text()).toBe(HTML);
    const policy = framed.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("sandbox;");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/allow-|script-src/);
  });

  it("that are not there are an error", async () => {
    await using it = await consoleCloud();
    await expect(it.get("/mail", { id: "nothing" })).rejects.toMatchObject({ status: 404 });
  });
});

describe("buses, topics and alarms", () => {
  it("show rules with their targets and take events", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    await it.call("events", "CreateEventBus", { Name: "shop" });
    await it.call("events", "PutRule", { Name: "all", EventBusName: "shop", EventPattern: '{"source":["shop"]}' });
    const Arn = it.cloud.arn("sqs", "orders");
    await it.call("events", "PutTargets", { Rule: "all", EventBusName: "shop", Targets: [{ Id: "q", Arn }] });
    const { buses } = await it.get<{ buses: { name: string; rules: unknown[] }[] }>("/buses");
    expect(buses.find(({ name }) => name === "shop")?.rules).toMatchObject([
      { name: "all", state: "ENABLED", pattern: '{"source":["shop"]}', targets: [{ id: "q", arn: Arn }] },
    ]);
    const event = { bus: "shop", source: "shop", detailType: "ordered", detail: '{"n":1}' };
    expect((await it.post<{ id: string }>("/events/put", event)).id).toMatch(/^[-0-9a-f]{36}$/);
    await expect(it.post("/events/put", { ...event, detail: "{" })).rejects.toMatchObject({ status: 400 });
  });

  it("show subscriptions and take messages", async () => {
    await using it = await consoleCloud();
    const { TopicArn = "" } = await it.call("sns", "CreateTopic", { Name: "notices" });
    await it.call("sns", "Subscribe", { TopicArn, Protocol: "email", Endpoint: "ada@example.com" });
    expect(await it.get("/topics")).toMatchObject({
      topics: [{ name: "notices", subscriptions: [{ protocol: "email", endpoint: "ada@example.com" }] }],
    });
    expect(await it.post("/topic/publish", { arn: TopicArn, message: "Hello", subject: "Hi" })).toHaveProperty("id");
  });

  it("show schedules", async () => {
    await using it = await consoleCloud();
    await it.call("scheduler", "CreateSchedule", {
      Name: "nightly",
      ScheduleExpression: "cron(0 3 * * ? *)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: it.cloud.arn("sqs", "orders"), RoleArn: `arn:aws:iam::${it.cloud.accountId}:role/r` },
    });
    expect(await it.get("/schedules")).toMatchObject({
      schedules: [{ name: "nightly", state: "ENABLED", expression: "cron(0 3 * * ? *)" }],
    });
  });

  it("show the state of alarms and their history", async () => {
    await using it = await consoleCloud();
    await it.call("cloudwatch", "PutMetricAlarm", {
      AlarmName: "busy",
      AlarmDescription: "Too much",
      Namespace: "Shop",
      MetricName: "Orders",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: "GreaterThanThreshold",
    });
    await it.call("cloudwatch", "SetAlarmState", { AlarmName: "busy", StateValue: "ALARM", StateReason: "tried" });
    expect(await it.get("/alarms")).toMatchObject({
      alarms: [{ name: "busy", state: "ALARM", reason: "tried", watches: "Shop Orders", rule: "Sum > 3, 1 × 60 s" }],
    });
    const { history } = await it.get<{ history: { summary: string }[] }>("/alarm/history", { name: "busy" });
    expect(history.some(({ summary }) => /ALARM/.test(summary))).toBe(true);
  });
});
