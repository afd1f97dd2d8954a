/** Stops the ways whose functions an alarm names. Stopping twice changes nothing. */
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSns } from "#shared/events/sns";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { Alarm, functionsIn } from "./alarm.ts";
import { stop } from "./brake.ts";
import { functionsOf, waysWith } from "./ways.ts";

/** The alarm watches none of the functions that the brake can stop. */
class AlarmForeign extends AppError<{ alarm: string }> {}

const functions = functionsOf(env.text("WAYS"));
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSns({ message: Alarm, putAside }, async (alarm) => {
  if (alarm.NewStateValue !== "ALARM") return;
  const ways = waysWith(functions, functionsIn(alarm));
  if (ways.length === 0)
    throw new AlarmForeign("The alarm names no function that the brake can stop", { alarm: alarm.AlarmName });
  for (const way of ways) {
    await stop(functions.get(way) ?? []);
    logger.warn("brake pulled", { way, alarm: alarm.AlarmName });
    count("BrakesPulled");
  }
});
