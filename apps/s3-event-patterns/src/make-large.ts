/** Makes the large resolution of each picture that was stored. */
import { makes } from "./resolutions/makes.ts";

export const handler = makes("large");
