/** Commands that talk to the local cloud that `npm start` keeps up, by the API of its console. */
import { Misuse, type Option } from "./command.ts";

export const ENDPOINT_OPTION: Option = {
  type: "string",
  value: "url",
  says: "the local cloud (http://127.0.0.1:4566)",
};

/** How the console says no. */
export interface ConsoleRefusal {
  readonly error: string;
  readonly message: string;
}

/** Where the local cloud is. Throws Misuse for what is no URL. */
export function endpointIn(value: string | boolean | undefined): string {
  const text = typeof value === "string" ? value : "http://127.0.0.1:4566";
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new Misuse(`--endpoint takes a URL, not ${text}`);
  return new URL(text).origin;
}

/** GETs, or POSTs if there is a body. Answers what the console says, a refusal too. Throws Misuse when nothing is running there. */
export async function askConsole<T>(
  endpoint: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<T | ConsoleRefusal> {
  let response: Response;
  try {
    response = await fetch(`${endpoint}/_console/api${path}`, {
      headers: { "x-local-console": "1" },
      ...(body !== undefined && { method: "POST", body }),
    });
  } catch (error) {
    throw unreachable(error, endpoint) ?? error;
  }
  try {
    return (await response.json()) as T | ConsoleRefusal;
  } catch {
    throw new Misuse(`What answers at ${endpoint} is no local cloud (status ${response.status})`);
  }
}

/** The misuse of asking where nobody listens, if that is what the error is about. */
export function unreachable(error: unknown, endpoint: string): Misuse | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ECONNREFUSED" ? new Misuse(`There is no local cloud at ${endpoint}: npm start`) : undefined;
}
