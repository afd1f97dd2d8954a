/** What this deployment may ask. */
import { env } from "#shared/environment";
import type { AllowedSources } from "./source.ts";

const sample = env.optional("SAMPLE_URL");

export const allowedSources: AllowedSources = {
  hosts: env
    .text("ALLOWED_HOSTS", "")
    .toLowerCase()
    .split(",")
    .map((host) => host.trim())
    .filter(Boolean),
  addresses: sample === undefined ? [] : [sample],
};
