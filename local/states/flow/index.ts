/** The data flow of a state in its query language. */
import type { JsonObject } from "../json.ts";
import type { Flow, Place } from "./flow.ts";
import { jsonPathFlow } from "./json-path-flow.ts";
import { jsonataFlow } from "./jsonata-flow.ts";

export const flowOf = (definition: JsonObject, place: Place): Flow =>
  place.language === "JSONata" ? jsonataFlow(definition, place) : jsonPathFlow(definition, place);
