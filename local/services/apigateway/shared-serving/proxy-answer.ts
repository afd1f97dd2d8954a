/** What a proxy function returned, read as an HTTP answer ("Output format of a Lambda function for proxy integration"). */

export interface ProxyAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Undefined when it is malformed. `defaultType`: the content type when the function names none. */
export function proxyAnswer(value: unknown, defaultType: string): ProxyAnswer | undefined {
  if (!isObject(value)) return undefined;
  const { statusCode, headers = {}, multiValueHeaders = {}, body = "", isBase64Encoded = false, cookies } = value;
  const status = typeof statusCode === "string" && /^\d+$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 100 || status > 999) return undefined;
  if (body !== null && typeof body !== "string") return undefined;
  const read = readHeaders(headers, multiValueHeaders);
  if (!read || (isBase64Encoded !== false && isBase64Encoded !== true && isBase64Encoded !== null)) return undefined;
  read["content-type"] ??= defaultType;
  if (Array.isArray(cookies)) read["set-cookie"] = [...listed(read["set-cookie"]), ...cookies.map(String)];
  return { status, headers: read, body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8") };
}

/** A header in both lists is taken from both, without repeating a value. */
function readHeaders(single: unknown, multi: unknown): Record<string, string | string[]> | undefined {
  const headers: Record<string, string | string[]> = {};
  if (multi !== null && !isObject(multi)) return undefined;
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values) || !values.every(isScalar)) return undefined;
    if (values.length > 0) headers[name.toLowerCase()] = values.map(String);
  }
  if (single !== null && !isObject(single)) return undefined;
  for (const [name, value] of Object.entries(single ?? {})) {
    if (value === null || value === undefined) continue;
    if (!isScalar(value)) return undefined;
    const key = name.toLowerCase();
    const others = listed(headers[key]);
    headers[key] =
      others.length === 0 || others.includes(String(value))
        ? (headers[key] ?? String(value))
        : [...others, String(value)];
  }
  return headers;
}

const listed = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : [...value];
