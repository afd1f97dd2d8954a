import { outages } from "#local/testing/outages";
import { work } from "./work.ts";

outages("s3-event-patterns", work);
