/** Makes calls on a running local cloud fail on purpose, and tells how many were hit. */
import type { ArmedFault, Fault } from "../local/core/faults.ts";
import { askConsole, type ConsoleRefusal, ENDPOINT_OPTION, endpointIn } from "./cli/ask-console.ts";
import { type Arguments, type Command, Misuse, wholeNumber } from "./cli/command.ts";
import { tableOf } from "./cli/fault-table.ts";

const command: Command = {
  says: "Makes calls on the local cloud that `npm start` keeps up fail, be throttled or slow, as long as you want it.\nWithout --role, it meets every caller but the account: functions, state machines and services, not your own SDK or CLI.",
  usage: "npm run faults -- add <service> [<Operation>] [--error …] [--latency …] | list | clear [<id> …]",
  options: {
    error: {
      type: "string",
      value: "throttle|Name",
      says: "the service's own refusal of too many calls, or an error of this name",
    },
    message: { type: "string", value: "text", says: "the message of an error with a name" },
    status: { type: "string", value: "code", says: "its HTTP status (400 to 599)" },
    afterwards: { type: "boolean", says: "the call is carried out first: only its answer is lost" },
    latency: { type: "string", value: "ms", says: "the call takes so much longer" },
    times: { type: "string", value: "count", says: "how many calls are hit (all)" },
    after: { type: "string", value: "count", says: "how many calls go through first" },
    rate: { type: "string", value: "share", says: "the share of calls that are hit, such as 0.1" },
    role: {
      type: "string",
      value: "text",
      says: "only calls in roles with this in their ARN: a function's logical id",
    },
    matching: { type: "string", value: "text", says: "only calls with this in their input" },
    endpoint: ENDPOINT_OPTION,
    json: { type: "boolean", says: "the faults as JSON" },
  },
  examples: [
    "npm run faults -- add dynamodb PutItem --error throttle --times 3 --role TrackParcel",
    "npm run faults -- add s3 --latency 500 --rate 0.1",
    "npm run faults -- add sqs SendMessage --error InternalFailure --status 500 --afterwards",
    "npm run faults -- list",
    "npm run faults -- clear f1",
  ],
  run({ options, words }) {
    const [action, ...rest] = words;
    const endpoint = endpointIn(options["endpoint"]);
    const say = (faults: readonly ArmedFault[], nothing: string) => {
      if (options["json"] === true) console.log(JSON.stringify(faults, undefined, 2));
      else console.log(faults.length === 0 ? nothing : tableOf(faults));
      return 0;
    };
    switch (action) {
      case "add":
        return add(endpoint, options, rest).then((fault) => say([fault], ""));
      case "list":
        if (rest.length > 0) throw new Misuse(`list takes nothing, not ${rest.join(" ")}`);
        return list(endpoint).then((faults) => say(faults, "Nothing fails on purpose."));
      case "clear":
        return clear(endpoint, rest).then((faults) => say(faults, "There was nothing to clear."));
      default:
        throw new Misuse(action === undefined ? "Say add, list or clear" : `Say add, list or clear, not ${action}`);
    }
  },
};

export default command;

async function add(endpoint: string, options: Arguments["options"], words: readonly string[]): Promise<ArmedFault> {
  const [service, operation, ...others] = words;
  if (service === undefined || others.length > 0)
    throw new Misuse("add takes a service and, unless all its operations are meant, one operation");
  return accepted(
    await askConsole<ArmedFault>(endpoint, "/faults", JSON.stringify(faultIn(service, operation, options))),
  );
}

async function list(endpoint: string): Promise<readonly ArmedFault[]> {
  const { faults } = accepted(await askConsole<{ readonly faults: readonly ArmedFault[] }>(endpoint, "/faults"));
  return faults;
}

/** Answers what is gone, with its hits. */
async function clear(endpoint: string, ids: readonly string[]): Promise<readonly ArmedFault[]> {
  const chosen = ids.length > 0 ? ids : (await list(endpoint)).map(({ id }) => id);
  const cleared: ArmedFault[] = [];
  for (const id of chosen)
    cleared.push(accepted(await askConsole<ArmedFault>(endpoint, "/faults/remove", JSON.stringify({ id }))));
  return cleared;
}

/** Throws Misuse with what the console says against it. */
function accepted<T extends object>(answer: T | ConsoleRefusal): T {
  if ("error" in answer && "message" in answer) throw new Misuse(answer.message);
  return answer as T;
}

function faultIn(service: string, operation: string | undefined, options: Arguments["options"]): Fault {
  const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
  const number = (name: string, least: number, most: number) =>
    options[name] === undefined ? undefined : wholeNumber(name, options[name], least, least, most);
  const [name, message, status] = [text("error"), text("message"), number("status", 400, 599)];
  if ((name === undefined || name === "throttle") && (message !== undefined || status !== undefined))
    throw new Misuse("--message and --status go with --error <Name>");
  const rate = text("rate");
  if (rate !== undefined && !(Number(rate) > 0 && Number(rate) <= 1))
    throw new Misuse(`--rate takes a share above 0 and up to 1, not ${rate}`);
  // JSON leaves out what is undefined.
  return JSON.parse(
    JSON.stringify({
      service,
      operation,
      role: text("role"),
      matching: text("matching"),
      error: name === undefined || name === "throttle" ? name : { name, message, status },
      afterwards: options["afterwards"],
      latencyMs: number("latency", 1, 86_400_000),
      times: number("times", 1, 1_000_000),
      after: number("after", 0, 1_000_000),
      rate: rate === undefined ? undefined : Number(rate),
    }),
  ) as Fault;
}
