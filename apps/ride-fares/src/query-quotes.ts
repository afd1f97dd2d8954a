/** GET /query-instant-ride-rfq/{id}: the quotes so far, the best of them, and whether more may come. */
import * as z from "zod/mini";
import { handleHttp } from "#shared/http";
import { bestOf } from "./quotes/quote.ts";
import { isOpen, requestOf } from "./quotes/quote-store.ts";

export const handler = handleHttp({ path: z.object({ id: z.uuid() }) }, async ({ path: { id } }) => {
  const { request, offers } = await requestOf(id);
  const { from, to, customer, closesAt, closedBy, lateResponders } = request;
  const stands = isOpen(request, new Date());
  return {
    "rfq-id": id,
    from,
    to,
    customer,
    closesAt,
    status: stands ? "open" : "closed",
    ...(stands ? {} : { closedBy: closedBy ?? "DEADLINE" }),
    quotes: offers.map(({ responder, quote }) => ({ responder, quote })),
    bestOffer: bestOf(offers) ?? null,
    late: [...(lateResponders ?? [])].toSorted(),
  };
});
