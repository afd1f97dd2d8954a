/** One question to a partner, with everything that this deployment allows and limits. */
import { env } from "#shared/environment";
import { allowedSources } from "./allowed-sources.ts";
import type { Answer } from "./answer.ts";
import { ask, type Limits } from "./partner.ts";
import { headersFor } from "./partner-headers.ts";
import { sourceOf } from "./source.ts";

const limits: Limits = {
  timeoutMs: env.integer("REQUEST_TIMEOUT_SECONDS", { least: 1, most: 60, otherwise: 10 }) * 1_000,
  mostBytes: env.integer("LARGEST_PAGE_BYTES", { least: 1_000, most: 50_000_000, otherwise: 10_000_000 }),
};

/** Throws SourceNotAllowed and what `ask` throws. */
export async function fetchAnswer(url: string): Promise<Answer> {
  const source = sourceOf(url, allowedSources);
  return ask(source, await headersFor(source.url.hostname), limits);
}
