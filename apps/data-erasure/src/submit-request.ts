/** POST /requests: asks for the erasure of users. The header `idempotency-key` makes a repeated call the same request. */
import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { handleHttp, reply } from "#shared/http";
import { beginRequest } from "./begin-request.ts";
import { requestIdOf } from "./request-id.ts";
import { checkedUserIds } from "./user-ids.ts";

const Body = z.object({
  userIds: z.array(z.string()),
  requestedBy: z.string().check(z.regex(/^[^\s@]+@[^\s@]+$/)),
});

export const handler = handleHttp({ body: Body }, async ({ body }, { headers }) => {
  const users = checkedUserIds(body.userIds);
  const requestId = requestIdOf(headers["idempotency-key"] ?? randomUUID(), body.requestedBy, ...users);
  await beginRequest(requestId, users, body.requestedBy);
  return reply(202, { requestId, status: "REQUESTED", users: users.length }, { location: `/requests/${requestId}` });
});
