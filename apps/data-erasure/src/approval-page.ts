/** The pages behind the link of the mail. Looking at one changes nothing; the buttons are forms that POST. */
import type { Decision } from "./approval.ts";
import type { Summary } from "./report.ts";

/** Not to be framed, kept or passed on; the address holds the token. */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
} as const;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:3em auto;padding:0 1em}td{padding:.1em 1.5em .1em 0}
code{word-break:break-all}form{display:inline}button{font:inherit;padding:.4em 1.2em;margin-right:1em}</style></head>
<body><h1>${escaped(title)}</h1>${body}</body></html>`;

export interface Shown {
  readonly requestId: string;
  /** The last part of the page's address: the buttons lead below it. */
  readonly token: string;
  readonly reportHash: string;
  readonly reportPlace: string;
  readonly expiresAt: string;
  readonly summary: Summary;
  /** It was made, and something failed before it could be carried out. */
  readonly decision?: Decision | undefined;
}

/** Asks for the decision, or for the one that was made once more. */
export function decisionPage(shown: Shown): string {
  const { requestId, token, reportHash, reportPlace, expiresAt, summary, decision } = shown;
  const row = (name: string, value: string | number) =>
    `<tr><td>${escaped(name)}</td><td>${escaped(String(value))}</td></tr>`;
  const button = (decision: Decision, label: string) =>
    `<form method="post" action="${escaped(`${token}/${decision}`)}"><input type="hidden" name="report" value="${escaped(reportHash)}"><button>${escaped(label)}</button></form>`;
  return page(
    "Erase this data?",
    `<table>${row("Request", requestId)}${row("Users found", summary.usersFound)}${row("Users not found", summary.usersNotFound)}
${row("Objects", summary.objects)}${row("of these removed as a whole", summary.wholeObjects)}${row("Versions", summary.versions)}
${row("Rows", summary.rows)}${row("Decide until", expiresAt)}</table>
<p>The whole report: <code>${escaped(reportPlace)}</code><br>SHA-256: <code>${escaped(reportHash)}</code></p>
<p>Approved data is removed for good, with all its versions. If it changes before that, you are asked again.</p>
${decision ? "<p>Your decision could not be carried out yet. Please send it once more.</p>" : ""}
<p>${decision === "reject" ? "" : button("approve", "Approve")}${decision === "approve" ? "" : button("reject", "Reject")}</p>`,
  );
}

/** Says what was decided. */
export const decidedPage = (decision: Decision): string =>
  page(
    decision === "approve" ? "Approved" : "Rejected",
    decision === "approve"
      ? "<p>The purge begins now. You can close this page.</p>"
      : "<p>Nothing is deleted. You can close this page.</p>",
  );
