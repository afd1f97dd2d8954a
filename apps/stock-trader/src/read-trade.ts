/** GET /trades/{id}: what a trade has come to. */
import * as z from "zod/mini";
import { handleHttp } from "#shared/http";
import { tradeById } from "./trades/trade-store.ts";
import { TradeId } from "./trades/trade.ts";

export const handler = handleHttp({ path: z.object({ id: TradeId }) }, ({ path: { id } }) => tradeById(id));
