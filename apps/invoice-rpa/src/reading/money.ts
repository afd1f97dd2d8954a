/** Amounts as invoices print them, in minor units (cents) of a currency. */

export interface Money {
  /** Whole minor units: 1234.56 USD is 123456, 500 JPY is 500. Negative for credits. */
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A dollar that does not say whose: the usual currency's, when that is one. */
const DOLLAR = "dollar";
const DOLLARS = new Set(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]);
const SIGNS: Readonly<Record<string, string>> = {
  $: DOLLAR,
  US$: "USD",
  C$: "CAD",
  CA$: "CAD",
  A$: "AUD",
  AU$: "AUD",
  NZ$: "NZD",
  S$: "SGD",
  HK$: "HKD",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₩": "KRW",
};
const OTHERS = [
  "EUR",
  "GBP",
  "JPY",
  "INR",
  "KRW",
  "CHF",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "CZK",
  "HUF",
  "CNY",
  "BRL",
  "ZAR",
  "ISK",
  "KWD",
  "BHD",
  "TND",
];
const CODES = new Set([...DOLLARS, ...OTHERS]);

/** ISO 4217, "Minor unit": two unless said. */
const MINOR_DIGITS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, ISK: 0, KWD: 3, BHD: 3, TND: 3 };
export const minorDigits = (currency: string): number => MINOR_DIGITS[currency] ?? 2;

const LONGEST = 40;

/**
 * Reads a text that is an amount and nothing else: `1,234.56`, `1.234,56 €`, `USD 10`, `-$5.19`, `(5.19)`, `5.19 CR`.
 * @param usual the currency where the text names none. Answers undefined for anything else, and for what cannot be told for certain.
 */
export function parseMoney(text: string, usual: string): Money | undefined {
  const plain = text.normalize("NFKC").replaceAll("−", "-").trim();
  const found = plain.length > LONGEST ? null : /^(\D*)(\d(?:[\d.,' ]*\d)?)(\D*)$/.exec(plain);
  if (!found) return undefined;
  const [, before = "", number = "", after = ""] = found;
  const sign = signOf(before, after);
  const currency = sign && currencyOf([...namesIn(sign.before), ...namesIn(sign.after)], usual);
  if (!sign || currency === undefined) return undefined;
  const minor = minorOf(number, minorDigits(currency));
  if (minor === undefined) return undefined;
  return { minor: sign.isNegative && minor !== 0 ? -minor : minor, currency };
}

/** Takes off what makes an amount negative: brackets, a minus on either side, `CR` behind it. Undefined when there are two of them. */
function signOf(before: string, after: string) {
  const isCredit = /\bCR\.?\s*$/i.test(after);
  const isBracketed = before.includes("(") && after.includes(")");
  const minuses = (before + after).split("-").length - 1;
  if (Number(isCredit) + Number(isBracketed) + minuses > 1) return undefined;
  return {
    before: before.replace(isBracketed ? /[-(]/ : "-", "").trim(),
    after: after
      .replace(/\bCR\.?\s*$/i, "")
      .replace(isBracketed ? /[-)]/ : "-", "")
      .trim(),
    isNegative: isCredit || isBracketed || minuses > 0,
  };
}

/** `US$` is one name, `$ CAD` are two. What is neither sign nor letters stays a name that nobody knows. */
const namesIn = (text: string): string[] => text.match(/[A-Za-z]{0,3}[$€£¥₹₩]|[^\s$€£¥₹₩]+/g) ?? [];

/** Undefined where two currencies are named that are not the same one, or one that is not known. */
function currencyOf(names: readonly string[], usual: string): string | undefined {
  const codes = names.map((name) => {
    const upper = name.toUpperCase();
    return SIGNS[upper] ?? (CODES.has(upper) || upper === usual ? upper : "unknown");
  });
  const isDollar = codes.includes(DOLLAR);
  const [code, ...others] = [...new Set(codes.filter((one) => one !== DOLLAR))];
  if (code === "unknown" || others.length > 0) return undefined;
  if (code === undefined) return isDollar && !DOLLARS.has(usual) ? "USD" : usual;
  return !isDollar || DOLLARS.has(code) ? code : undefined;
}

function minorOf(text: string, digits: number): number | undefined {
  const parts = splitDecimals(text, digits);
  const minor = parts && Number(parts.whole + parts.fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** The last mark is the decimal one when it is the only of its kind and as many figures follow it as the currency has, or fewer. */
function splitDecimals(text: string, digits: number): { whole: string; fraction: string } | undefined {
  const [, head = "", mark = "", tail = ""] = /^(.*\d)([.,])(\d+)$/.exec(text) ?? [];
  const isDecimal = mark !== "" && tail.length <= digits && !head.includes(mark);
  const whole = isDecimal ? head : text;
  if (!isGrouped(whole)) return undefined;
  return { whole: whole.replaceAll(/\D/g, ""), fraction: isDecimal ? tail : "" };
}

/** No marks at all, or one kind of mark before each three figures; in India before each two, and the last three. */
const isGrouped = (text: string): boolean =>
  /^\d+$/.test(text) || /^\d{1,3}([.,' ])\d{3}(\1\d{3})*$/.test(text) || /^\d{1,2}(,\d{2})+,\d{3}$/.test(text);

/** `1234.56 USD`: for people. */
export function formatMoney({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return digits === 0
    ? `${sign}${text} ${currency}`
    : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`;
}
