/** Addresses and domains that may send, and configuration sets. */
import type * as SDK from "@aws-sdk/client-sesv2";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { addIdentity, configurationSetsOf, identitiesOf, normalized } from "../ses/store.ts";

export function identityHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const identities = identitiesOf(cloud);
  const sets = configurationSetsOf(cloud);
  const kind = (name: string) => (name.includes("@") ? ("EMAIL_ADDRESS" as const) : ("DOMAIN" as const));
  const known = (name: string | undefined) => {
    const found = identities.get(normalized(name ?? ""));
    if (found === undefined) throw new ServiceError("NotFoundException", `Email identity ${name} does not exist.`);
    return found;
  };
  const knownSet = (name: string | undefined) => {
    const found = sets.get(name ?? "");
    if (found === undefined) throw new ServiceError("NotFoundException", `Configuration set <${name}> does not exist.`);
    return found;
  };
  return {
    CreateEmailIdentity(input) {
      const name = input.EmailIdentity ?? "";
      if (!/^([^\s@]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(name))
        throw new ServiceError("BadRequestException", `Invalid email identity ${name}.`);
      if (identities.has(normalized(name)))
        throw new ServiceError("AlreadyExistsException", `Email identity ${name} already exist.`);
      if (input.ConfigurationSetName !== undefined) knownSet(input.ConfigurationSetName);
      addIdentity(cloud, name, input.ConfigurationSetName);
      return { IdentityType: kind(name), VerifiedForSendingStatus: true };
    },
    GetEmailIdentity(input) {
      const { name, configurationSet } = known(input.EmailIdentity);
      return {
        IdentityType: kind(name),
        VerifiedForSendingStatus: true,
        VerificationStatus: "SUCCESS" as const,
        ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
      };
    },
    DeleteEmailIdentity(input) {
      identities.delete(known(input.EmailIdentity).name);
      return {};
    },
    ListEmailIdentities: () => ({
      EmailIdentities: [...identities.keys()].sort().map((name) => ({
        IdentityType: kind(name),
        IdentityName: name,
        SendingEnabled: true,
        VerificationStatus: "SUCCESS" as const,
      })),
    }),

    CreateConfigurationSet(input) {
      const name = input.ConfigurationSetName ?? "";
      if (!/^[\w-]{1,64}$/.test(name))
        throw new ServiceError("BadRequestException", `Invalid configuration set name <${name}>.`);
      if (sets.has(name))
        throw new ServiceError("AlreadyExistsException", `Configuration set <${name}> already exists.`);
      sets.set(name, { name });
      return {};
    },
    GetConfigurationSet: (input) => ({ ConfigurationSetName: knownSet(input.ConfigurationSetName).name }),
    DeleteConfigurationSet(input) {
      sets.delete(knownSet(input.ConfigurationSetName).name);
      return {};
    },
    ListConfigurationSets: () => ({ ConfigurationSets: [...sets.keys()].sort() }),
  };
}
