/** Hands a mail to the SES of a running local cloud, as if it had come by SMTP. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { SESClient, SetActiveReceiptRuleSetCommand } from "@aws-sdk/client-ses";
import { STATUSES, VERDICTS } from "../local/services/ses/receiving/received-mail.ts";
import type { Receipt } from "../local/services/ses/receiving/receive.ts";
import { askConsole, type ConsoleRefusal, ENDPOINT_OPTION, endpointIn, unreachable } from "./cli/ask-console.ts";
import { type Arguments, type Command, Misuse } from "./cli/command.ts";
import { paint } from "./cli/terminal.ts";

const command: Command = {
  says: "Hands a raw mail to the SES of the local cloud that `npm start` keeps up; its active receipt rules take it from there.",
  usage: "npm run mail -- <file.eml> [--to <address,…>] [--from <address>] [--verdict <name=STATUS,…>]",
  options: {
    to: { type: "string", multiple: true, value: "address,…", says: "the envelope's recipients (those in To and Cc)" },
    from: { type: "string", value: "address", says: 'the envelope\'s sender (the one in From); "" for a bounce' },
    verdict: {
      type: "string",
      multiple: true,
      value: "name=STATUS,…",
      says: `what SES found: ${VERDICTS.join(", ")} = ${STATUSES.join(", ")} (PASS: signatures are not checked here)`,
    },
    activate: { type: "string", value: "rule set", says: "makes this receipt rule set the active one before" },
    endpoint: ENDPOINT_OPTION,
    json: { type: "boolean", says: "what became of it as JSON" },
  },
  examples: [
    "npm run mail -- apps/email-orders/samples/order.eml",
    "npm run mail -- order.eml --to orders@example.com --verdict spf=FAIL,dmarc=GRAY",
  ],
  async run({ options, words }) {
    const [file, ...others] = words;
    // `--verdict spf=FAIL dkim=FAIL`: what follows the first pair is one as well.
    const pairs = others.filter((word) => word.includes("="));
    if (file === undefined || pairs.length < others.length) throw new Misuse("Name one file that holds a mail");
    const path = resolve(file);
    if (!existsSync(path) || !statSync(path).isFile()) throw new Misuse(`There is no file ${file}`);
    const endpoint = endpointIn(options["endpoint"]);
    const query = queryOf(options, pairs);
    if (typeof options["activate"] === "string") await activate(endpoint, options["activate"]);
    const answer = await askConsole<Answer>(endpoint, `/mails?${query.toString()}`, readFileSync(path));
    if ("error" in answer) {
      const hint = answer.message.includes("rule set is active") ? " Add --activate <rule set>" : "";
      console.error(`${paint("red", "Refused:", process.stderr)} ${answer.message}.${hint}`);
      return 1;
    }
    show(answer, options["json"] === true);
    return answer.actions.some(({ failure }) => failure !== undefined) ? 1 : 0;
  },
};

export default command;

function queryOf(options: Arguments["options"], pairs: readonly string[]): URLSearchParams {
  const query = new URLSearchParams();
  const list = (name: string) => (typeof options[name] === "string" ? options[name].split(",") : []);
  for (const address of list("to")) query.append("to", address.trim());
  if (typeof options["from"] === "string") query.set("from", options["from"].trim());
  for (const pair of [...list("verdict"), ...pairs]) {
    const [name = "", status = ""] = pair.trim().split("=");
    const isKnown =
      VERDICTS.some((verdict) => verdict === name) && STATUSES.some((known) => known === status.toUpperCase());
    if (!isKnown)
      throw new Misuse(`--verdict takes pairs such as spf=FAIL of ${VERDICTS.join(", ")} and ${STATUSES.join(", ")}`);
    query.set(name, status.toUpperCase());
  }
  return query;
}

async function activate(endpoint: string, RuleSetName: string): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const ses = new SESClient({ endpoint, region: "us-east-1", credentials });
  await ses.send(new SetActiveReceiptRuleSetCommand({ RuleSetName })).catch((error: unknown) => {
    throw unreachable(error, endpoint) ?? new Misuse(`--activate: ${error instanceof Error ? error.message : ""}`);
  });
}

type Answer = Receipt | ConsoleRefusal;

function show(receipt: Receipt, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(receipt, undefined, 2));
    return;
  }
  console.log(`received as ${receipt.messageId}`);
  for (const { rule, action, failure } of receipt.actions) {
    const mark = failure === undefined ? paint("green", "✓") : paint("red", "✗");
    console.log(`  ${mark} ${action} of ${rule}${failure === undefined ? "" : `: ${failure}`}`);
  }
}
