/**
 * Which addresses may be asked. A job's address comes from outside, as does the address of a next page: without this, whoever
 * may start a job could read whatever the functions reach (server-side request forgery).
 */
import { BlockList, isIP } from "node:net";
import { Forbidden } from "#shared/errors";

export class SourceNotAllowed extends Forbidden<{ host: string }> {}

export interface AllowedSources {
  /**
   * Hosts by name. A name is trusted with http and with private addresses; `*.example.com` (any host below) and `*` (any host)
   * are not: https only, public addresses only.
   */
  readonly hosts: readonly string[];
  /** Addresses allowed as they are, but for their query: the bundled sample. */
  readonly addresses: readonly string[];
}

/** What an allowed address is trusted with. */
export interface Source {
  readonly url: URL;
  /** It must not resolve to a private address. */
  readonly mustBePublic: boolean;
}

/** Throws SourceNotAllowed. */
export function sourceOf(address: string, { hosts, addresses }: AllowedSources): Source {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const refuse = (why: string): never => {
    throw new SourceNotAllowed(`The address is not allowed: ${why}`, { host: url?.hostname ?? "" });
  };
  if (!url) return refuse("it is no URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse("it is neither https nor http");
  if (url.username !== "" || url.password !== "") return refuse("it holds a user name or password");
  url.hash = "";
  if (addresses.some((allowed) => isSamePlace(url, allowed))) return { url, mustBePublic: false };
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  if (hosts.includes(host)) return { url, mustBePublic: false };
  const isBelow = hosts.some(
    (allowed) => allowed === "*" || (allowed.startsWith("*.") && host.endsWith(allowed.slice(1))),
  );
  if (!isBelow) return refuse(`its host ${host} is not on the list`);
  if (url.protocol !== "https:") return refuse("it is not https");
  if (host === "localhost" || host.endsWith(".localhost") || isPrivateAddress(host)) return refuse("it is private");
  return { url, mustBePublic: true };
}

function isSamePlace(url: URL, allowed: string): boolean {
  const place = new URL(allowed);
  return url.origin === place.origin && url.pathname === place.pathname;
}

/** Networks that are not the public internet (IANA special-purpose address registries). */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");

/** Everything in use on the public internet (IANA Internet Protocol Version 6 Address Space). */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet("2000::", 3, "ipv6");
/** Parts of it that lead elsewhere: tunnels with an IPv4 address inside, and documentation. */
const SPECIAL_V6 = new BlockList();
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  SPECIAL_V6.addSubnet(network, bits, "ipv6");

/** Whether an IP address, in brackets or not, is not a public one. A name is not. */
export function isPrivateAddress(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  if (version === 4) return PRIVATE.check(address, "ipv4");
  if (version === 6) return !GLOBAL_V6.check(address, "ipv6") || SPECIAL_V6.check(address, "ipv6");
  return false;
}
