/** Amazon SES, API version 2: the same identities, templates and outbox as version 1. */
import * as sdk from "@aws-sdk/client-sesv2";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { sendingPermissions } from "../ses/permissions.ts";
import { identityHandlers } from "./identities.ts";
import { sendEmail } from "./send-email.ts";
import { templateHandlers } from "./templates.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  return {
    sdk,
    handlers: { SendEmail: sendEmail(cloud), ...identityHandlers(cloud), ...templateHandlers(cloud) },
    permissions: (operation, input) => sendingPermissions(cloud, operation, input),
  };
}
