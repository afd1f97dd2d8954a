import { outages } from "#local/testing/outages";
import { work } from "./work.ts";

outages("stock-trader", work);
