import { outages } from "#local/testing/outages";
import { work } from "./work.ts";

outages("invoice-rpa", work);
