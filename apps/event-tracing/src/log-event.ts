/** The one task of the state machine, the target "sfn". */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { DeliveredEvent } from "./delivered-event.ts";
import { receive } from "./receive.ts";

export const handler = handle({ input: z.object({ Input: DeliveredEvent }) }, ({ Input: { id, detail } }) =>
  receive({ request: detail, eventId: id, receivedBy: "sfn" }),
);
