/** Addresses and domains that may send. */
import type * as SDK from "@aws-sdk/client-ses";
import { createHash } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { parseAddress } from "./address.ts";
import { addIdentity, identitiesOf, normalized } from "./store.ts";

export function identityHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const identities = identitiesOf(cloud);
  const verifyAddress = (address: string | undefined) => {
    try {
      addIdentity(cloud, parseAddress(address ?? "").address);
    } catch {
      throw new ServiceError("InvalidParameterValue", `Invalid email address<${address}>.`);
    }
    return {};
  };
  return {
    VerifyEmailIdentity: (input) => verifyAddress(input.EmailAddress),
    VerifyDomainIdentity(input) {
      const domain = input.Domain ?? "";
      if (!/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(domain))
        throw new ServiceError("InvalidParameterValue", `Invalid domain name ${domain}.`);
      addIdentity(cloud, domain);
      return { VerificationToken: createHash("sha256").update(domain.toLowerCase()).digest("base64") };
    },
    DeleteIdentity(input) {
      identities.delete(normalized(input.Identity ?? ""));
      return {};
    },
    ListIdentities(input) {
      const wanted = [...identities.keys()]
        .filter(
          (name) => input.IdentityType === undefined || (input.IdentityType === "EmailAddress") === name.includes("@"),
        )
        .sort();
      const start =
        input.NextToken === undefined ? 0 : wanted.indexOf(Buffer.from(input.NextToken, "base64url").toString()) + 1;
      const end = start + Math.min(input.MaxItems ?? 1000, 1000);
      const last = wanted[end - 1];
      return {
        Identities: wanted.slice(start, end),
        ...(end < wanted.length && last !== undefined && { NextToken: Buffer.from(last).toString("base64url") }),
      };
    },
    GetIdentityVerificationAttributes: (input) => ({
      // Identities that are not known are left out (GetIdentityVerificationAttributes).
      VerificationAttributes: Object.fromEntries(
        (input.Identities ?? [])
          .filter((name) => identities.has(normalized(name)))
          .map((name) => [name, { VerificationStatus: "Success" as const }]),
      ),
    }),
  };
}
