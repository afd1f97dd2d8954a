/** POST /submit-ride-completion: keeps a ride that is over and announces it to whoever listens, the fare process among them. */
import { randomUUID } from "node:crypto";
import { PublishCommand } from "@aws-sdk/client-sns";
import * as z from "zod/mini";
import { sns } from "#shared/clients/sns";
import { env } from "#shared/environment";
import { handleHttp, reply } from "#shared/http";
import { parse } from "#shared/input";
import { logger } from "#shared/observability/logger";
import { refuseCardData } from "./fare/card-data.ts";
import { processes, Ride } from "./fare/fare.ts";
import { keepRide } from "./fare/fare-store.ts";

const TOPIC = env.text("RIDE_COMPLETED_TOPIC");
const PROCESS = env.oneOf("PROCESS", processes);

export const handler = handleHttp({ body: z.record(z.string(), z.unknown()) }, async ({ body }) => {
  refuseCardData(body);
  const ride = parse(Ride, body, "body");
  const { rideId: id = randomUUID(), process = PROCESS, distanceKm, fare } = ride;
  await keepRide(id, ride, process, new Date());
  const number = (value: number) => ({ DataType: "Number", StringValue: String(value) });
  await sns.send(
    new PublishCommand({
      TopicArn: TOPIC,
      Message: JSON.stringify({ fareId: id }),
      MessageAttributes: {
        fare: number(fare.amountMinor),
        distance: number(distanceKm),
        process: { DataType: "String", StringValue: process },
      },
    }),
  );
  logger.info("ride", { fareId: id, process });
  return reply(201, { id });
});
