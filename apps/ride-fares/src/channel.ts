/** A pipe as a filter sees it: somewhere to put what comes next. Where it leads is known to the template alone. */
import { env } from "#shared/environment";
import { sendMessages } from "#shared/writes/send-messages";

/** Sends into the queue that an environment variable names. */
export function channel(variable: string): (body: object) => Promise<void> {
  const queueUrl = env.text(variable);
  return (body) => sendMessages(queueUrl, [{ body }]);
}
