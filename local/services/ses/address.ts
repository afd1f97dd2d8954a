/** Addresses as senders write them: `ann@example.com`, `Ann Lee <ann@example.com>`, `"Lee, Ann" <ann@example.com>`. */

export interface Address {
  readonly address: string;
  readonly displayName: string | undefined;
}

/** Throws an Error with SES's words for what is wrong. */
export function parseAddress(text: string): Address {
  // A line end would begin another header: mail header injection.
  // oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
  if (/[\u0000-\u001F\u007F]/.test(text)) throw new Error("Local address contains control or whitespace");
  const [, quoted, plain, bracketed] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<>"]*?))\s*<([^<>]*)>\s*$/.exec(text) ?? [];
  const address = (bracketed ?? text).trim();
  const displayName = quoted?.replace(/\\(.)/g, "$1") ?? plain;
  const at = address.lastIndexOf("@");
  if (at < 0 || at === address.length - 1) throw new Error("Missing final '@domain'");
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (local === "") throw new Error("Missing local name");
  if (/[\s<>,;:()[\]\\"]/.test(local)) throw new Error("Local address contains control or whitespace");
  if (local.length > 64) throw new Error("Local name too long");
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(domain)) {
    throw new Error(
      /^[.]|[.][.]|[.]$/.test(domain) ? "Domain starts or ends with dot" : "Domain contains illegal character",
    );
  }
  return { address, displayName: displayName === "" ? undefined : displayName };
}

/** Splits a header such as To at the commas that are not part of a name. */
export const splitAddresses = (header: string): readonly string[] =>
  (header.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== "");
