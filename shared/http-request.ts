/** A request as the handlers see it, whichever of the four kinds of sender it came from. */
import * as z from "zod/mini";
import { InputInvalid } from "./errors.ts";
import { parse } from "./input.ts";

export interface HttpRequest {
  readonly method: string;
  /** As the caller wrote it, with the stage where the sender has one. */
  readonly rawPath: string;
  /** Names in lower case; of several values of one name, all, joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. Of several values of one name the last; a REST API and a load balancer hand over no more. */
  readonly query: Readonly<Record<string, string>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** As text; empty where there is none. */
  readonly body: string;
  /** What an authoriser found out about the caller, as the sender hands it over. */
  readonly authorizer: unknown;
}

const Strings = z.optional(z.nullable(z.record(z.string(), z.optional(z.string()))));
const Lists = z.optional(z.nullable(z.record(z.string(), z.optional(z.array(z.string())))));

const Common = {
  headers: Strings,
  queryStringParameters: Strings,
  pathParameters: Strings,
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
};

/** HTTP API and function URL: payload format 2.0. */
const Version2 = z.object({
  ...Common,
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }), authorizer: z.optional(z.unknown()) }),
});

/** REST API (payload format 1.0) and load balancer. */
const Version1 = z.object({
  ...Common,
  httpMethod: z.string(),
  path: z.string(),
  multiValueHeaders: Lists,
  multiValueQueryStringParameters: Lists,
  requestContext: z.object({ elb: z.optional(z.unknown()), authorizer: z.optional(z.unknown()) }),
});

/** Throws InputInvalid when the event is no HTTP request. */
export function requestOf(event: unknown): HttpRequest {
  const second = Version2.safeParse(event).data;
  if (second) {
    const { requestContext, rawPath, ...common } = second;
    return {
      ...partsOf(common),
      method: requestContext.http.method,
      rawPath,
      headers: lowerCase(present(second.headers)),
      query: present(second.queryStringParameters),
      authorizer: requestContext.authorizer,
    };
  }
  const first = parse(Version1, event);
  const { elb, authorizer } = first.requestContext;
  const query = { ...lastOf(first.multiValueQueryStringParameters), ...present(first.queryStringParameters) };
  return {
    ...partsOf(first),
    method: first.httpMethod,
    rawPath: first.path,
    headers: lowerCase({
      ...joined(first.multiValueHeaders),
      ...present(first.headers),
      ...joined(first.multiValueHeaders),
    }),
    // A load balancer leaves names and values encoded ("Using Lambda functions as targets of an Application Load Balancer").
    query: elb === undefined ? query : decoded(query),
    authorizer,
  };
}

type Given = Readonly<Record<string, string | undefined>> | null | undefined;
type GivenLists = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

function partsOf(common: {
  pathParameters?: Given;
  body?: string | null | undefined;
  isBase64Encoded?: boolean | undefined;
}) {
  const body = common.body ?? "";
  return {
    pathParameters: present(common.pathParameters),
    body: common.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body,
  };
}

function present(given: Given): Record<string, string> {
  return mapped(given, (value) => value);
}

const joined = (given: GivenLists): Record<string, string> => mapped(given, (values) => values?.join(","));
const lastOf = (given: GivenLists): Record<string, string> => mapped(given, (values) => values?.at(-1));

/** By own properties, so that a name such as `__proto__` stays a name. */
function mapped<Value>(
  given: Readonly<Record<string, Value>> | null | undefined,
  change: (value: Value) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] => {
      const changed = change(value);
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function decoded(query: Readonly<Record<string, string>>): Record<string, string> {
  const decode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
  try {
    return Object.fromEntries(Object.entries(query).map(([name, value]) => [decode(name), decode(value)]));
  } catch {
    throw new InputInvalid([{ field: "query", problem: "not URL-encoded" }]);
  }
}
