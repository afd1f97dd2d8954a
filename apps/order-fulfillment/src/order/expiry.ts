/** When a row of the orders' table is forgotten. */
import { env } from "#shared/environment";

const KEEP_DAYS = env.integer("KEEP_DAYS", { least: 1, most: 3_650, otherwise: 400 });

/** Epoch seconds, as DynamoDB wants them. */
export const expiryOf = (now: Date): number => Math.floor(now.getTime() / 1_000) + KEEP_DAYS * 86_400;
