import { expect } from "vitest";
import { proofs, type Use } from "#local/testing/proofs";
import { noEvent, openWebhook } from "./webhook.ts";

const arrives =
  (target: string, fn: string): Use =>
  async (app, id) => {
    const webhook = await openWebhook(app);
    const { traceId } = await webhook.publish(`?target=${target}`, { headers: { "idempotency-key": id } });
    expect(await webhook.receipts(id)).toMatchObject([{ target, traceId }]);
    // The whole way is recorded, by everybody on it: the function's own part comes last.
    const segments = await webhook.segments(traceId);
    const kinds = new Set(segments.map(({ name, origin = name }) => origin));
    if (target === "sfn") expect(kinds).toContain("AWS::StepFunctions::StateMachine");
    expect(segments.some(({ name, origin }) => name === app.resource(fn) && origin === "AWS::Lambda::Function")).toBe(
      true,
    );
  };

proofs("event-tracing", {
  traces: true,
  uses: {
    "an event arrives at the function": arrives("lambda", "HandleEvent"),
    "an event arrives at the state machine": arrives("sfn", "LogEvent"),
    "an event arrives at the API": arrives("apigw", "ReceiveRequest"),
    "what is no event is put aside by the function and by the state machine": async (app, id) => {
      const webhook = await openWebhook(app);
      for (const target of ["lambda", "sfn"]) await webhook.put(noEvent(target, id));
      const letters = (await app.messages("DeadLetters")).filter(({ Body = "" }) => Body.includes(id));
      expect(letters.length).toBeGreaterThanOrEqual(2);
      expect(
        letters.some(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue === "InputInvalid"),
      ).toBe(true);
    },
  },
});
