/** Headers by which partners know who asks, such as `authorization`: in a secret, by host, and sent to that host only. */
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { secrets } from "#shared/clients/secrets";
import { env } from "#shared/environment";
import { ConfigurationInvalid } from "#shared/errors";

const Secret = z.record(z.string(), z.record(z.string(), z.string()));
type Headers = Readonly<Record<string, string>>;

const secretId = env.optional("PARTNER_HEADERS_SECRET");
/** A rotated secret is seen after this time. */
const KEPT_MS = 300_000;
let kept: { readonly byHost: Readonly<Record<string, Headers>>; readonly until: number } | undefined;

/** Throws ConfigurationInvalid when the secret is not `{"api.example.com": {"authorization": "…"}}`. */
export async function headersFor(host: string): Promise<Headers> {
  if (secretId === undefined) return {};
  if (kept === undefined || kept.until < Date.now()) {
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
    kept = { byHost: parsed(SecretString), until: Date.now() + KEPT_MS };
  }
  return Object.hasOwn(kept.byHost, host) ? (kept.byHost[host] ?? {}) : {};
}

function parsed(text: string): Readonly<Record<string, Headers>> {
  try {
    return Secret.parse(JSON.parse(text));
  } catch {
    // Without the cause: it could quote the secret.
    throw new ConfigurationInvalid("The secret of headers is not JSON by host and header", {
      variable: "PARTNER_HEADERS_SECRET",
    });
  }
}
