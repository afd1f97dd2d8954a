/** Starts the process that a ride asks for, and starts parked fares again, from the beginning: whatever was done is found. */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { tell } from "./bus.ts";
import { channel } from "./channel.ts";
import { fareOf } from "./fare/fare-store.ts";
import { StartMessage, startOf } from "./fare/start.ts";

const SAGA = env.text("SAGA");
const toPipes = channel("PIPES_QUEUE_URL");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: StartMessage, putAside }, async (message) => {
  const { fareId, attempt } = startOf(message);
  const { process } = await fareOf(fareId);
  if (process === "pipes") await toPipes({ fareId });
  else if (process === "choreography") await tell("Ride Completed", { fareId });
  else await startSaga(fareId, attempt);
});

/** Named by the fare and its attempt: a message that comes twice starts one execution. */
async function startSaga(fareId: string, attempt: number): Promise<void> {
  try {
    const input = JSON.stringify({ fareId, attempt });
    await sfn.send(new StartExecutionCommand({ stateMachineArn: SAGA, name: `${fareId}-${attempt}`, input }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "ExecutionAlreadyExists")) throw error;
  }
}
