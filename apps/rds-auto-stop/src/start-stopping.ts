/** Starts the workflow for a database that AWS has started after seven days, if its tags ask for it. */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as z from "zod/mini";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { reasonToLeave, startedBy } from "./database.ts";
import { describeDatabase } from "./database-store.ts";

const RdsEvent = z.object({
  id: z.string().check(z.regex(/^[\w-]{1,80}$/)),
  source: z.literal("aws.rds"),
  detail: z.object({ EventID: z.string(), SourceIdentifier: z.string().check(z.minLength(1)) }),
});

export const handler = handle({ input: RdsEvent }, async ({ id, detail }) => {
  const started = startedBy(detail);
  if (!started) return leave(detail.SourceIdentifier, `${detail.EventID} is no automatic start`);
  const reason = reasonToLeave(await describeDatabase(started));
  if (reason !== undefined) return leave(started.id, reason);
  try {
    // Named by the event: it is delivered at least once, and starts one execution.
    await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: env.text("STATE_MACHINE"),
        name: id,
        input: JSON.stringify(started),
      }),
    );
    logger.info("stopping begins", { database: started.id, execution: id });
  } catch (error) {
    if (!(error instanceof Error && error.name === "ExecutionAlreadyExists")) throw error;
    logger.info("stopping has begun before", { database: started.id, execution: id });
  }
  return { statusCode: 200 };
});

function leave(database: string, reason: string) {
  logger.info("not eligible", { database, reason });
  return { statusCode: 200 };
}
