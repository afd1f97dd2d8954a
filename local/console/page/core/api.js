/** The console's JSON API. */

export class Refused extends Error {
  /**
   * @param {string} name
   * @param {string} message
   */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** @typedef {Record<string, string | number | undefined>} Query */

/**
 * The address of something that the browser itself fetches: a picture, a download, a framed mail.
 * @param {string} path
 * @param {Query} [query]
 */
export function address(path, query = {}) {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return `/_console/api${path}${entries.length > 0 ? `?${new URLSearchParams(entries)}` : ""}`;
}

/**
 * Reads. Throws Refused.
 * @param {string} path
 * @param {Query} [query]
 * @returns {Promise<any>} what the handler in `local/console/api` answers
 */
export const get = async (path, query) => answerOf(await fetch(address(path, query)));

/**
 * Changes something. Throws Refused.
 * @param {string} path
 * @param {unknown} body an object becomes JSON; files are sent as they are
 * @param {Query} [query]
 * @returns {Promise<any>}
 */
export async function post(path, body, query) {
  const isFile = body instanceof Blob;
  const response = await fetch(address(path, query), {
    method: "POST",
    headers: { "content-type": isFile ? "application/octet-stream" : "application/json", "x-local-console": "1" },
    body: isFile ? body : JSON.stringify(body),
  });
  return answerOf(response);
}

/** @param {Response} response */
async function answerOf(response) {
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error ?? "Error", answer.message ?? "");
  return answer;
}
