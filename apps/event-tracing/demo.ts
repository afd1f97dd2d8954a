/** One webhook, three targets: the map and the timeline of each trace; an event for nobody, and a target that fails for a while. */
import { traceText } from "#local/testing/traces";
import type { Demo, Stage } from "#local/testing";
import { openWebhook } from "./tests/webhook.ts";

/** Collecting them is what this demo is about. */
export const traces = true;

const demo: Demo = async (stage) => {
  const webhook = await openWebhook(stage.app);
  slowDown(stage);
  const look = {
    width: 100,
    name: (name: string) => /^event-tracing-(\w+)-\w+$/.exec(name)?.[1] ?? name,
    paint: (outcome: string, text: string) =>
      outcome === "fault" ? stage.paint("red", text) : outcome === "ok" ? text : stage.paint("yellow", text),
  };

  for (const target of ["lambda", "sfn", "apigw"]) {
    stage.input(`POST /?target=${target}&order=7`);
    const accepted = await webhook.publish(`?target=${target}&order=7`, { headers: { "idempotency-key": target } });
    const { map, lines, timeline } = await traceText(stage.app, accepted.traceId, look);
    stage.result(`202, trace ${accepted.traceId}: who called whom`, map);
    stage.result("when, and for how long", lines);
    const receipts = await webhook.receipts(target);
    const isWhole = timeline.rows.filter(({ depth }) => depth === 0).length === 1;
    stage.check(
      `the event arrived at ${target}, once, and everything is in one trace`,
      receipts.length === 1 && isWhole,
    );
  }
  await stage.path();

  stage.input("the table is out of order for a while; POST /?target=apigw");
  const fault = stage.app.cloud.faults.add({
    service: "dynamodb",
    operation: "PutItem",
    role: "ReceiveRequest",
    error: { name: "InternalServerError", status: 500 },
    times: 6,
  });
  const late = await webhook.publish("?target=apigw", { headers: { "idempotency-key": "late" } });
  const { lines, timeline } = await traceText(stage.app, late.traceId, look);
  stage.result("the first try failed, EventBridge came again", lines);
  const failed = timeline.rows.filter(
    ({ name, outcome }) => name === "event-tracing-target/Prod" && outcome === "fault",
  );
  const hasArrived = (await webhook.receipts("late")).length === 1;
  stage.check("the trace shows the failure, and the event arrived in the end", failed.length > 0 && hasArrived);
  fault.remove();

  stage.input("POST /?target=fax; then somebody else puts such an event onto the bus");
  const refused = await webhook.call("?target=fax");
  stage.result(String(refused.status), await refused.text());
  await webhook.put({ Detail: '{"apiEvent":{"target":"fax"}}' });
  const unroutable = await stage.app.messages("Unroutable");
  stage.check("the webhook refuses it, and the bus catches it", refused.status === 400 && unroutable.length === 1);
};

/** Virtual time passes only where it is waited for: without this all bars would be points. */
function slowDown({ app: { cloud }, step }: Stage): void {
  step("calls take as long as they are told to here: on the local cloud's own clock computing takes no time");
  cloud.faults.add({ service: "events", operation: "PutEvents", role: "Webhook", latencyMs: 18 });
  cloud.faults.add({ service: "lambda", operation: "Invoke", role: "LogEvents", latencyMs: 35 });
  cloud.faults.add({ service: "dynamodb", operation: "PutItem", role: "event-tracing", latencyMs: 12 });
}

export default demo;
