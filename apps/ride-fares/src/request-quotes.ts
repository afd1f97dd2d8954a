/** POST /submit-instant-ride-rfq: opens a request for quotes and starts gathering them. */
import { randomUUID } from "node:crypto";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as z from "zod/mini";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { handleHttp, reply } from "#shared/http";
import { parse } from "#shared/input";
import { refuseCardData } from "./fare/card-data.ts";
import { QuoteRequest } from "./quotes/quote.ts";
import { openRequest } from "./quotes/quote-store.ts";

const GATHER_QUOTES = env.text("GATHER_QUOTES");
const DEADLINE_SECONDS = env.integer("DEADLINE_SECONDS", { least: 1, most: 3_600 });
const QUORUM = env.integer("QUORUM", { least: 1, most: 100 });
const KEEP_DAYS = env.integer("KEEP_DAYS", { least: 1, most: 365 });

export const handler = handleHttp({ body: z.record(z.string(), z.unknown()) }, async ({ body }) => {
  refuseCardData(body);
  const request = parse(QuoteRequest, body, "body");
  const id = randomUUID();
  const now = Date.now();
  const closesAt = new Date(now + DEADLINE_SECONDS * 1_000).toISOString();
  const expiresAt = Math.ceil(now / 1_000) + KEEP_DAYS * 86_400;
  await openRequest(id, request, { closesAt, quorum: QUORUM, expiresAt });
  const { customer: _customer, ...route } = request;
  const input = JSON.stringify({ "rfq-id": id, ...route, closesAt });
  await sfn.send(new StartExecutionCommand({ stateMachineArn: GATHER_QUOTES, name: id, input }));
  return reply(201, { id, closesAt });
});
