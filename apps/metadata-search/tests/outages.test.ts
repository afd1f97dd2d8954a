import { outages } from "#local/testing/outages";
import { work } from "./work.ts";

outages("metadata-search", work);
