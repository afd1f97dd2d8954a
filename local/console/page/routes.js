/** The views by the first part of the address. Each is loaded when it is first asked for. */

/** @typedef {import("./core/live.js").View} View */

/** @type {Record<string, (parts: string[]) => Promise<View>>} */
const VIEWS = {
  "": async () => (await import("./views/overview.js")).overview(),
  apps: async ([name = "", part]) =>
    part === "readme" ? (await import("./views/readme.js")).readme(name) : (await import("./views/app.js")).app(name),
  calls: async () => (await import("./views/calls.js")).calls(),
  functions: async ([name]) =>
    name === undefined
      ? (await import("./views/compute/functions.js")).functions()
      : (await import("./views/compute/function.js")).functionView(name),
  machines: async ([arn]) =>
    arn === undefined
      ? (await import("./views/compute/machines.js")).machines()
      : (await import("./views/compute/machine.js")).machine(arn),
  maprun: async ([arn = ""]) => (await import("./views/compute/machine.js")).mapRun(arn),
  execution: async ([arn = "", state]) => (await import("./views/compute/execution.js")).execution(arn, state),
  buckets: async ([name, prefix]) =>
    name === undefined
      ? (await import("./views/storage/buckets.js")).buckets()
      : (await import("./views/storage/buckets.js")).bucket(name, prefix ?? ""),
  object: async ([bucket = "", key = "", version]) =>
    (await import("./views/storage/object.js")).object(bucket, key, version),
  queues: async ([name]) =>
    name === undefined
      ? (await import("./views/storage/queues.js")).queues()
      : (await import("./views/storage/queue.js")).queue(name),
  tables: async ([name]) =>
    name === undefined
      ? (await import("./views/storage/tables.js")).tables()
      : (await import("./views/storage/tables.js")).tableView(name),
  events: async () => (await import("./views/events.js")).events(),
  mails: async ([id]) =>
    id === undefined ? (await import("./views/mails.js")).mails() : (await import("./views/mails.js")).mail(id),
  alarms: async ([name]) => (await import("./views/alarms.js")).alarms(name),
  logs: async ([group]) =>
    group === undefined ? (await import("./views/logs.js")).groups() : (await import("./views/logs.js")).group(group),
  traces: async ([id, text = ""]) =>
    id === undefined || id === "where"
      ? (await import("./views/traces.js")).traces(text)
      : (await import("./views/traces.js")).trace(id),
  follow: async ([text]) => (await import("./views/follow.js")).follow(text ?? ""),
};

/**
 * @param {string} address such as `#/queues/orders`
 * @returns {Promise<View>}
 */
export async function viewAt(address) {
  const [name = "", ...parts] = address
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decodeURIComponent);
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  if (!view) throw new Error(`The console has no view "${name}"`);
  return view(parts);
}
