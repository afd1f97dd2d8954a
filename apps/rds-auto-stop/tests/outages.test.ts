import { outages } from "#local/testing/outages";
import { work } from "./work.ts";

outages("rds-auto-stop", work);
