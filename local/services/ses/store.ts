/** Identities, templates and configuration sets: the same for both API versions. */
import type { Cloud } from "../../core/cloud.ts";

export interface Identity {
  /** An address or a domain. */
  readonly name: string;
  readonly createdAt: number;
  readonly configurationSet?: string | undefined;
}

export interface Template {
  readonly name: string;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly createdAt: number;
}

export interface ConfigurationSet {
  readonly name: string;
}

export const identitiesOf = (cloud: Cloud) => cloud.storage.map<Identity>("ses.identities");
export const templatesOf = (cloud: Cloud) => cloud.storage.map<Template>("ses.templates");
export const configurationSetsOf = (cloud: Cloud) => cloud.storage.map<ConfigurationSet>("ses.configurationSets");

/**
 * Whoever asks for a verification here also owns the mailbox and the DNS: identities are verified at once. What was never
 * asked for is not verified.
 */
export function addIdentity(cloud: Cloud, name: string, configurationSet?: string): Identity {
  const key = normalized(name);
  const identity: Identity = identitiesOf(cloud).get(key) ?? { name: key, createdAt: cloud.clock.now() };
  identitiesOf(cloud).set(key, { ...identity, configurationSet });
  return identity;
}

/** The identity that lets this address send: the address itself, its domain or a parent domain; undefined when none does. */
export function identityFor(cloud: Cloud, address: string): string | undefined {
  const identities = identitiesOf(cloud);
  const key = normalized(address);
  if (identities.has(key)) return key;
  const labels = key.slice(key.lastIndexOf("@") + 1).split(".");
  return labels.map((_, i) => labels.slice(i).join(".")).find((domain) => identities.has(domain));
}

/** Domains know no case; what stands before the @ does, except that `+label` addresses are their own. */
export function normalized(name: string): string {
  const at = name.lastIndexOf("@");
  return name.slice(0, at + 1) + name.slice(at + 1).toLowerCase();
}

export const identityArn = (cloud: Cloud, identity: string): string => cloud.arn("ses", `identity/${identity}`);
