/** The addresses of the console's API. */
import type { ConsoleContext } from "../context.ts";
import type { Routes } from "../route.ts";
import { alarmRoutes } from "./alarms.ts";
import { bucketRoutes } from "./buckets.ts";
import { clockRoutes } from "./clock.ts";
import { eventRoutes } from "./events.ts";
import { executionRoutes } from "./executions.ts";
import { faultRoutes } from "./faults.ts";
import { functionRoutes } from "./functions.ts";
import { incomingMailRoutes } from "./incoming-mail.ts";
import { journeyRoutes } from "./journeys.ts";
import { logRoutes } from "./logs.ts";
import { machineRoutes } from "./machines.ts";
import { mailRoutes } from "./mails.ts";
import { overviewRoutes } from "./overview.ts";
import { queueMessageRoutes } from "./queue-messages.ts";
import { queueRoutes } from "./queues.ts";
import { tableRoutes } from "./tables.ts";
import { traceRoutes } from "./traces.ts";

export const apiRoutes = (context: ConsoleContext): Routes => ({
  ...overviewRoutes(context),
  ...clockRoutes(context),
  ...functionRoutes(context),
  ...faultRoutes(context),
  ...journeyRoutes(context),
  ...logRoutes(context),
  ...machineRoutes(context),
  ...executionRoutes(context),
  ...bucketRoutes(context),
  ...queueRoutes(context),
  ...queueMessageRoutes(context),
  ...tableRoutes(context),
  ...mailRoutes(context),
  ...incomingMailRoutes(context),
  ...alarmRoutes(context),
  ...eventRoutes(context),
  ...traceRoutes(context),
});
