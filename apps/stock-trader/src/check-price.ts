/** GET /check: the price of a share at this moment. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handleHttp } from "#shared/http";
import { parseJson } from "#shared/input";
import { priceAt } from "./market/price.ts";

const SEED = env.text("PRICE_SEED");
/** JSON that is answered instead of the market's price, to try what a workflow does with it. */
const FIXED = env.optional("FIXED_PRICE");

const query = z.object({ symbol: z._default(z.string().check(z.regex(/^[A-Z]{1,8}$/)), "ACME") });

export const handler = handleHttp({ query }, ({ query: { symbol } }) => ({
  symbol,
  stock_price: FIXED === undefined ? priceAt({ seed: SEED, symbol, now: Date.now() }) : parseJson(FIXED, "FIXED_PRICE"),
  currency: "USD",
}));
