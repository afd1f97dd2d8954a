/**
 * Who may use the console: only its own page. The cloud listens on 127.0.0.1, but every web page that a person has open can send
 * requests there, and a name that resolves to 127.0.0.1 (DNS rebinding) makes such a page look like our own.
 */
import type { WireRequest } from "../gateway/wire.ts";

const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** A form cannot set it, and a script of another origin may not without a preflight, which nobody here answers. */
const HEADER = "x-local-console";

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Why a request is not answered; undefined when it is. */
export function refusalOf(request: WireRequest, isApi: boolean): Refusal | undefined {
  const { headers, method } = request;
  const host = headers["host"] ?? "";
  if (!OWN_HOST.test(host))
    return { status: 403, message: "The console answers to 127.0.0.1 and localhost only, not to other host names" };
  if (method !== "GET" && method !== "HEAD" && method !== "POST")
    return { status: 405, message: `The console knows GET and POST, not ${method}` };
  if (!isApi) return method === "POST" ? { status: 405, message: "Nothing can be posted here" } : undefined;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return { status: 403, message: "Another web page may not use the console" };
  if (method !== "POST") return undefined;
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, message: "Another web page may not use the console" };
  if (headers[HEADER] !== "1")
    return { status: 403, message: `A change needs the header ${HEADER}: 1, so that no other web page can make one` };
  return undefined;
}

/** Nothing but the console's own files runs on the page, and text never becomes markup. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** For what others wrote (objects, mails): shown, but without script, requests or access to the page around it. */
export const CONTENT_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-cache",
};
