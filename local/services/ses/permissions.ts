/** What sending a mail asks of IAM (Actions, resources, and condition keys for Amazon SES). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import { parseAddress } from "./address.ts";
import { parseMail } from "./mime.ts";
import { identityArn, identityFor, normalized } from "./store.ts";

type Members = Readonly<Record<string, unknown>>;

/** Sending is asked for on the sender's identity, and on the configuration set when one is named; both API versions alike. */
export function sendingPermissions(cloud: Cloud, operation: string, input: Members): readonly Permission[] {
  const isSending = /^Send(Email|RawEmail|TemplatedEmail)$/.test(operation);
  if (!isSending) {
    const identity =
      text(input["EmailIdentity"]) ?? text(input["Identity"]) ?? text(input["EmailAddress"]) ?? text(input["Domain"]);
    // Version 1 knows no resources but for sending; version 2 names identities.
    const resource =
      identity !== undefined && "EmailIdentity" in input ? identityArn(cloud, normalized(identity)) : "*";
    return [{ action: `ses:${operation}`, resource }];
  }
  const raw =
    bytesOf(members(input["RawMessage"])["Data"]) ?? bytesOf(members(members(input["Content"])["Raw"])["Data"]);
  // Whole mails are their own right, by whichever version they are sent (Amazon SES API v2: raw messages).
  const action = raw === undefined ? `ses:${operation}` : "ses:SendRawEmail";
  const from =
    text(input["Source"]) ?? text(input["FromEmailAddress"]) ?? (raw && parseMail(raw).headers.get("from")) ?? "";
  const context = {
    "ses:FromAddress": addressIn(from),
    "ses:FromDisplayName": displayNameIn(from),
    "ses:Recipients": recipients(input),
  };
  const resource = identityArn(cloud, identityFor(cloud, addressIn(from)) ?? normalized(addressIn(from)));
  const set = text(input["ConfigurationSetName"]);
  return [
    { action, resource, context },
    ...(set === undefined ? [] : [{ action, resource: cloud.arn("ses", `configuration-set/${set}`), context }]),
  ];
}

function recipients(input: Members): readonly string[] {
  const destination = members(input["Destination"]);
  const lists = [
    destination["ToAddresses"],
    destination["CcAddresses"],
    destination["BccAddresses"],
    input["Destinations"],
  ];
  return lists.flatMap((list) => (Array.isArray(list) ? list.map((item) => addressIn(String(item))) : []));
}

// A malformed address is refused later, by the operation, with its reason.
const addressIn = (value: string): string => parsed(value)?.address ?? value;
const displayNameIn = (value: string): string => parsed(value)?.displayName ?? "";
function parsed(value: string) {
  try {
    return parseAddress(value);
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const bytesOf = (value: unknown): Buffer | undefined => (value instanceof Uint8Array ? Buffer.from(value) : undefined);
const members = (value: unknown): Members => (typeof value === "object" && value !== null ? { ...value } : {});
