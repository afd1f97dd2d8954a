/** GET /requests/{requestId}: how far a request is, in figures. */
import * as z from "zod/mini";
import { handleHttp } from "#shared/http";
import { requestOf } from "./stores/request-store.ts";

export const handler = handleHttp({ path: z.object({ requestId: z.string() }) }, async ({ path }) => {
  const {
    tokenHash: _hash,
    taskToken: _token,
    isTold: _told,
    isOver: _over,
    ...shown
  } = await requestOf(path.requestId);
  return shown;
});
