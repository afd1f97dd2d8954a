/** POST /sell: sells at the given price, once an order. */
import { handleHttp } from "#shared/http";
import { trade } from "./trades/trade-store.ts";
import { Order } from "./trades/trade.ts";

export const handler = handleHttp({ body: Order }, ({ body }) => trade(body, "sell", new Date()));
