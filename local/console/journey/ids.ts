/** The ids by which one thing leads to another: they are in the text that is handed on. */

/** Request, message and event ids; ids of traces and of mails; ARNs of executions. */
const ID =
  /\b[0-9a-z]{40}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b1-[0-9a-f]{8}-[0-9a-f]{24}\b|\barn:aws:states:[-\w]+:\d+:(?:express|execution):[-\w./:]+/g;

/** Of longer texts the beginning is read. */
const READ = 200_000;
/** Of a batch of very many. */
const MOST = 500;

export function idsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [id] of text.slice(0, READ).matchAll(ID)) {
    found.add(id);
    if (found.size === MOST) break;
  }
  return found;
}

/** `Root=1-…;Parent=…` → `1-…`. */
export const traceIn = (header: string | undefined): string | undefined => /Root=([^;]+)/.exec(header ?? "")?.[1];
