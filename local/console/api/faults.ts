/** Failures on purpose: adds, lists and removes them. `npm run faults` is made of it. */
import * as z from "zod";
import type { LocalCloud } from "../../cloud.ts";
import type { ArmedFault, Fault } from "../../core/faults.ts";
import type { ConsoleContext } from "../context.ts";
import { type Ask, badRequest, fieldsOf, notFound, type Routes } from "../route.ts";

const DAY_MS = 86_400_000;

const text = z.string().min(1).max(1_000).optional();
const MOST = 1_000_000;

const Wanted = z.strictObject({
  service: z.string(),
  operation: text,
  role: text,
  matching: text,
  error: z
    .union([
      z.literal("throttle"),
      z.strictObject({
        name: z.string().regex(/^[\w.]{1,100}$/),
        message: text,
        status: z.int().min(400).max(599).optional(),
      }),
    ])
    .optional(),
  afterwards: z.boolean().optional(),
  latencyMs: z.int().min(1).max(DAY_MS).optional(),
  times: z.int().min(1).max(MOST).optional(),
  after: z.int().min(0).max(MOST).optional(),
  rate: z.number().gt(0).max(1).optional(),
});

export const faultRoutes = ({ cloud }: ConsoleContext): Routes => ({
  "GET /faults": () => ({ faults: cloud.faults.list() }),

  async "POST /faults"(ask) {
    const fault = faultIn(ask);
    await checkNames(cloud, fault);
    return withId(cloud, cloud.faults.add(fault).id);
  },

  "POST /faults/remove"(ask) {
    const fault = withId(cloud, fieldsOf(ask).text("id"));
    cloud.faults.remove(fault.id);
    return fault;
  },
});

function faultIn(ask: Ask): Fault {
  let body: unknown;
  try {
    body = JSON.parse(ask.body.toString());
  } catch {
    throw badRequest("The body is not JSON");
  }
  const { success, data: fault, error } = Wanted.safeParse(body);
  if (!success)
    throw badRequest(error.issues.map(({ path, message }) => `${path.join(".") || "the body"}: ${message}`).join("; "));
  if (!fault.error && !fault.latencyMs) throw badRequest("Say what should happen: error, latencyMs or both");
  if (fault.afterwards && !fault.error) throw badRequest("afterwards goes with an error");
  // JSON has no undefined members.
  return fault as Fault;
}

/** Throws BadRequest unless the service is there and carries out the operation: a fault of anything else would never be met. */
async function checkNames({ dispatcher }: LocalCloud, { service, operation }: Fault): Promise<void> {
  if (!dispatcher.entry(service)) {
    const services = Array.from(dispatcher.entries, ({ id }) => id).sort();
    throw badRequest(`There is no service ${service}. Services: ${services.join(", ")}`);
  }
  if (operation === undefined) return;
  const { handlers } = await dispatcher.load(service);
  if (!Object.hasOwn(handlers, operation))
    throw badRequest(
      `${service} has no operation ${operation}. Operations: ${Object.keys(handlers).sort().join(", ")}`,
    );
}

function withId({ faults }: LocalCloud, id: string): ArmedFault {
  const fault = faults.list().find((armed) => armed.id === id);
  if (!fault) throw notFound(`There is no fault ${id}`);
  return fault;
}
