/** Cors of a REST API: an OPTIONS method with a mock integration on every path. */
import { inside } from "../../template-error.ts";
import { compact, isFields, valueFunction, type Fields, type Value } from "../../value.ts";
import { invalid, type SamResource } from "../lowering.ts";
import { ANY_METHOD, INTEGRATION } from "../openapi.ts";
import { operationsOf } from "./methods.ts";

export interface Cors {
  readonly origin: Value;
  readonly headers: Value | undefined;
  readonly methods: Value | undefined;
  readonly maxAge: Value | undefined;
  readonly allowCredentials: boolean;
}

/** A text or function is the origin. Throws TemplateError for contradictions. */
export function readCors(api: SamResource): Cors | undefined {
  const given = api.properties["Cors"];
  if (given === undefined) return undefined;
  if (!isFields(given) || valueFunction(given))
    return { origin: given, headers: undefined, methods: undefined, maxAge: undefined, allowCredentials: false };
  const { AllowOrigin = "'*'", AllowHeaders, AllowMethods, MaxAge, AllowCredentials } = given;
  if (AllowCredentials === true && AllowOrigin === "'*'")
    throw invalid(
      api.id,
      `Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is "'*'" or not set`,
      inside(api.path, "Properties.Cors"),
    );
  return {
    origin: AllowOrigin,
    headers: AllowHeaders,
    methods: AllowMethods,
    maxAge: MaxAge,
    allowCredentials: AllowCredentials === true,
  };
}

const ALL_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** The OPTIONS operation of a path that has these others. */
export function preflight(cors: Cors, item: Value, isOpenApi3: boolean): Fields {
  const methods = operationsOf(item).map(([method]) => method);
  const allowed = methods.includes(ANY_METHOD)
    ? ALL_METHODS
    : [...new Set(["OPTIONS", ...methods.map((method) => method.toUpperCase())])].sort();
  const headers = compact({
    "Access-Control-Allow-Origin": cors.origin,
    "Access-Control-Allow-Headers": cors.headers,
    "Access-Control-Allow-Methods": cors.methods ?? `'${allowed.join(",")}'`,
    "Access-Control-Max-Age": cors.maxAge,
    "Access-Control-Allow-Credentials": cors.allowCredentials ? "'true'" : undefined,
  });
  const typed = (name: string): Fields => {
    const type = { type: name === "Access-Control-Max-Age" ? "integer" : "string" };
    return isOpenApi3 ? { schema: type } : type;
  };
  return {
    summary: "CORS support",
    ...(isOpenApi3 ? {} : { consumes: ["application/json"], produces: ["application/json"] }),
    [INTEGRATION]: {
      type: "mock",
      requestTemplates: { "application/json": '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: "200",
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]),
          ),
          responseTemplates: { "application/json": "{}\n" },
        },
      },
    },
    responses: {
      "200": {
        description: "Default response for CORS method",
        headers: Object.fromEntries(Object.keys(headers).map((name) => [name, typed(name)])),
      },
    },
  };
}
