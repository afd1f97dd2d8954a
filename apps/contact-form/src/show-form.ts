/** GET /: the page with the form. */
import { handleHttp, reply } from "#shared/http";
import { contentSecurityPolicy, page } from "./page/page.ts";

const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "public, max-age=300",
};

export const handler = handleHttp({}, () => reply(200, page, headers));
