/** AWS_PROXY: the whole request to a function, and its answer to the caller. */
import type { Integration } from "@aws-sdk/client-api-gateway";
import { decoded } from "../shared-serving/address.ts";
import type { Answer } from "../shared-serving/context.ts";
import { eventFormat1 } from "../shared-serving/event-format-1.ts";
import { functionArnOf, invokeFunction } from "../shared-calls/invoke-function.ts";
import { proxyAnswer } from "../shared-serving/proxy-answer.ts";
import { firstAccepted, isBinary } from "./binary.ts";
import { badProxyAnswer, internalFault } from "../serving/gateway-response.ts";
import type { Routed } from "./integrate.ts";

/** Headers of the answer that the gateway itself writes; the function's come under another name ("Amazon API Gateway important notes"). */
const REMAPPED = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "host",
  "server",
  "trailer",
  "www-authenticate",
]);

export async function lambdaProxy(uri: string, integration: Integration, routed: Routed): Promise<Answer> {
  const { exchange, definition, caller } = routed;
  const { cloud, request, headers } = exchange;
  const functionArn = functionArnOf(uri);
  if (functionArn === undefined) {
    cloud.log.warn(`API ${exchange.apiId}: the integration URI ${uri} names no function`);
    throw internalFault();
  }
  const types = definition.settings.binaryMediaTypes;
  const isEncoded = request.body.length > 0 && isBinary(headers["content-type"], types);
  const { "content-length": _length, ...shown } = headers;
  const event = eventFormat1(
    { ...exchange, headers: shown },
    {
      resource: routed.resourcePath,
      resourceId: routed.resourceId,
      path: decoded(exchange.path),
      pathParameters: routed.pathParameters,
      authorizer: caller.authorizer,
      identity: caller.identity,
      body: {
        text: request.body.length === 0 ? null : request.body.toString(isEncoded ? "base64" : "utf8"),
        isBase64Encoded: isEncoded,
      },
    },
  );
  const { failed, payload } = await invokeFunction(cloud, {
    functionArn,
    event,
    sourceArn: routed.sourceArn,
    roleArn: integration.credentials,
    caller: request.principal,
    traceHeader: exchange.traceHeader,
  });
  if (failed) {
    cloud.log.warn(`API ${exchange.apiId}: the function ${functionArn} failed: ${payload}`);
    throw badProxyAnswer();
  }
  const result = resultOf(payload);
  const isWanted = isBinary(firstAccepted(headers["accept"]), types);
  const answer = proxyAnswer(isWanted ? result : asText(result), "application/json");
  if (!answer) {
    cloud.log.warn(
      `API ${exchange.apiId}: the function ${functionArn} gave a malformed proxy response: ${payload.slice(0, 200)}`,
    );
    throw badProxyAnswer();
  }
  const own = Object.entries(answer.headers)
    .filter(([name]) => name !== "transfer-encoding")
    .map(([name, value]) => [REMAPPED.has(name) ? `x-amzn-remapped-${name}` : name, value] as const);
  return { ...answer, headers: { "x-amzn-trace-id": headers["x-amzn-trace-id"] ?? "", ...Object.fromEntries(own) } };
}

function resultOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** To callers who did not ask for bytes, base64 goes as the text that it is. */
const asText = (result: unknown): unknown =>
  typeof result === "object" &&
  result !== null &&
  "isBase64Encoded" in result &&
  typeof result.isBase64Encoded === "boolean"
    ? { ...result, isBase64Encoded: false }
    : result;
