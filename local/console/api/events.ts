/** What carries events: buses with rules and targets, schedules, topics with subscriptions. */
import { allPages, type ConsoleContext } from "../context.ts";
import { badRequest, fieldsOf, type Routes } from "../route.ts";

export function eventRoutes(context: ConsoleContext): Routes {
  const rulesOf = async (bus: string) => {
    const owners = context.owners();
    const rules = await allPages(async (NextToken) => {
      const answer = await context.read("events", "ListRules", { EventBusName: bus, ...(NextToken && { NextToken }) });
      return { items: answer.Rules ?? [], next: answer.NextToken };
    });
    const described = [];
    for (const rule of rules) {
      const { Targets = [] } = await context.read("events", "ListTargetsByRule", {
        Rule: rule.Name,
        EventBusName: bus,
      });
      const name = rule.Name ?? "";
      described.push({
        name,
        // A rule of another bus than the default one has `bus|rule` as its physical id.
        owner: owners.get(name) ?? owners.get(`${bus}|${name}`) ?? owners.get(rule.Arn ?? ""),
        state: rule.State,
        pattern: rule.EventPattern,
        schedule: rule.ScheduleExpression,
        description: rule.Description,
        targets: Targets.map((target) => ({
          id: target.Id,
          arn: target.Arn,
          deadLetters: target.DeadLetterConfig?.Arn,
        })),
      });
    }
    return described;
  };

  return {
    "GET /buses": async () => {
      const owners = context.owners();
      const { EventBuses = [] } = await context.read("events", "ListEventBuses", { Limit: 100 });
      const buses = [];
      for (const { Name = "", Arn } of EventBuses)
        buses.push({ name: Name, arn: Arn, owner: owners.get(Name), rules: await rulesOf(Name) });
      return { buses };
    },

    "GET /schedules": async () => {
      const found = await allPages(async (NextToken) => {
        const answer = await context.read("scheduler", "ListSchedules", NextToken ? { NextToken } : {});
        return { items: answer.Schedules ?? [], next: answer.NextToken };
      });
      const schedules = [];
      for (const { Name, GroupName, State, Target } of found) {
        const whole = await context.read("scheduler", "GetSchedule", { Name, GroupName });
        schedules.push({
          name: Name,
          group: GroupName,
          state: State,
          expression: whole.ScheduleExpression,
          zone: whole.ScheduleExpressionTimezone,
          target: Target?.Arn,
        });
      }
      return { schedules };
    },

    "GET /topics": async () => {
      const owners = context.owners();
      const topics = await allPages(async (NextToken) => {
        const answer = await context.read("sns", "ListTopics", NextToken ? { NextToken } : {});
        return { items: answer.Topics ?? [], next: answer.NextToken };
      });
      const described = [];
      for (const { TopicArn = "" } of topics) {
        const { Subscriptions = [] } = await context.read("sns", "ListSubscriptionsByTopic", { TopicArn });
        described.push({
          arn: TopicArn,
          name: TopicArn.slice(TopicArn.lastIndexOf(":") + 1),
          owner: owners.get(TopicArn),
          subscriptions: Subscriptions.map(({ Protocol, Endpoint, SubscriptionArn }) => ({
            protocol: Protocol,
            endpoint: Endpoint,
            isConfirmed: SubscriptionArn !== "PendingConfirmation",
          })),
        });
      }
      return { topics: described };
    },

    "POST /events/put": async (ask) => {
      const fields = fieldsOf(ask);
      const { Entries = [] } = await context.act("events", "PutEvents", {
        Entries: [
          {
            EventBusName: fields.text("bus"),
            Source: fields.text("source"),
            DetailType: fields.text("detailType"),
            Detail: fields.text("detail"),
          },
        ],
      });
      const [entry] = Entries;
      if (entry?.ErrorCode) throw badRequest(`${entry.ErrorCode}: ${entry.ErrorMessage ?? ""}`);
      return { id: entry?.EventId };
    },

    "POST /topic/publish": async (ask) => {
      const fields = fieldsOf(ask);
      const subject = fields.optionalText("subject");
      const { MessageId } = await context.act("sns", "Publish", {
        TopicArn: fields.text("arn"),
        Message: fields.text("message"),
        ...(subject && { Subject: subject }),
      });
      return { id: MessageId };
    },
  };
}
