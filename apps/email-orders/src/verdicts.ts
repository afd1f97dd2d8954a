/** What SES found out about a mail, and whether it may be read as an order. */

export type Verdict = "spam" | "virus" | "spf" | "dkim" | "dmarc";
/** Statuses as SES gives them; undefined where it gave none. */
export type Verdicts = Readonly<Record<Verdict, string | undefined>>;

export type Gate =
  | { readonly kind: "dropped" | "parked"; readonly reason: string }
  /** `needsAlignment`: open only if the envelope's domain is that of the header From, which SPF has vouched for. */
  | { readonly kind: "open"; readonly needsAlignment: boolean };

const OPEN = { kind: "open", needsAlignment: false } as const;

/**
 * Spam and viruses are dropped. Whether the sender is who it says is a question for DMARC alone: forwarding breaks SPF, and mailing
 * lists break DKIM, while either of them aligned with From makes DMARC pass. Whatever SES could not find out, or was told not to
 * look for, is parked for a person; the two exceptions are spam that SES is not sure of (an order in our form, from an
 * authenticated sender, is not spam), and domains without a DMARC record.
 */
export function gate(verdicts: Verdicts): Gate {
  for (const scan of ["virus", "spam"] as const) {
    if (verdicts[scan] === "FAIL") return { kind: "dropped", reason: `${scan} verdict FAIL` };
  }
  if (verdicts.virus !== "PASS") return parked("virus", verdicts);
  if (verdicts.spam !== "PASS" && verdicts.spam !== "GRAY") return parked("spam", verdicts);
  if (verdicts.dmarc === "PASS") return OPEN;
  // GRAY: the domain publishes no DMARC policy. Then SPF has to vouch for the very domain that From shows.
  if (verdicts.dmarc === "GRAY" && verdicts.spf === "PASS") return { kind: "open", needsAlignment: true };
  return parked("dmarc", verdicts);
}

/** Relaxed alignment (RFC 7489, 3.1.2) without a list of public suffixes: the same domain, or one below the other's. */
export function isAligned(envelopeSender: string, from: string): boolean {
  const [envelope, visible] = [domainOf(envelopeSender), domainOf(from)];
  if (envelope === "" || visible === "") return false;
  return envelope === visible || envelope.endsWith(`.${visible}`);
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

const parked = (verdict: Verdict, verdicts: Verdicts): Gate => ({
  kind: "parked",
  reason: `${verdict} verdict ${verdicts[verdict] ?? "missing"}`,
});
