/** Behind the REST API that is the target "apigw": EventBridge posts the event to it, signed. */
import { handleHttp } from "#shared/http";
import { DeliveredEvent } from "./delivered-event.ts";
import { receive } from "./receive.ts";

export const handler = handleHttp({ body: DeliveredEvent }, ({ body: { id, detail } }) =>
  receive({ request: detail, eventId: id, receivedBy: "apigw" }),
);
