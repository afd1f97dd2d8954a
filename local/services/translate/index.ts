/** Amazon Translate: a stand-in that marks what it cannot translate. No translation model runs offline. */
import * as Translate from "@aws-sdk/client-translate";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { translateText } from "./translate-text.ts";

export function create(cloud: Cloud): Service<typeof Translate> {
  return { sdk: Translate, handlers: { TranslateText: translateText(cloud) } };
}
