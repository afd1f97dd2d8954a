/** Who reads the mails and decides, as a person does: some time after a mail came, and once more when the page cannot be had. */
import type { LocalApp } from "#local/testing";
import { erasureOf, parameters } from "./erasure.ts";

const A_MINUTE = 60_000;
const LATER = 600_000;

/** Rejects what concerns an object whose key says that it is to be kept, and approves everything else. */
export function employApprover(app: LocalApp): void {
  const { clock, signals } = app.cloud;
  let read = 0;
  signals.on("outbox.message", ({ to }) => {
    if (!to.includes(parameters.ApproverEmail)) return;
    clock.background("the approver reads a mail", async () => {
      await clock.sleep(A_MINUTE);
      const mails = app.outbox.slice(read);
      read += mails.length;
      await Promise.all(
        mails.map(async ({ text = "" }) => {
          const [link, requestId, token] = /\S+\/approvals\/(\w+)\/(\S+)/.exec(text) ?? [];
          if (!link?.startsWith(erasureOf(app).url)) return;
          while (!(await isDecided(app, { requestId, token }))) await clock.sleep(LATER);
        }),
      );
    });
  });
}

/** Answers whether the page says that it is decided, or that there is nothing to decide. */
async function isDecided(app: LocalApp, link: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const shown = await visit(app, "show-approval", link);
  if (shown.statusCode >= 500) return false;
  const hash = /name="report" value="(\w+)"/.exec(shown.body)?.[1];
  const report = /s3:\/\/[^/]+\/([^<]+)/.exec(shown.body)?.[1];
  if (hash === undefined || report === undefined) return true;
  const found = (await erasureOf(app).read(report, app.resource("PapersBucket"))).toString();
  const decision = found.includes("-keep.") ? "reject" : "approve";
  return (await visit(app, "decide-request", { ...link, decision }, `report=${hash}`)).statusCode < 500;
}

/** Not over HTTP: virtual time would go on, up to the end of the time to decide, while a request is on its way. */
async function visit(
  app: LocalApp,
  sample: "show-approval" | "decide-request",
  pathParameters: Readonly<Record<string, string | undefined>>,
  body?: string,
): Promise<{ readonly statusCode: number; readonly body: string }> {
  const event = app.sample(`${sample}.json`) as object;
  const name = sample === "show-approval" ? "ShowApproval" : "DecideRequest";
  const answer = await app.invoke(name, { ...event, pathParameters, ...(body !== undefined && { body }) });
  return answer as { statusCode: number; body: string };
}
