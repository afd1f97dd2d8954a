/** Card data must not get in. What looks like it is refused by field; its value is never repeated, stored or logged. */
import { AppError, InputInvalid } from "#shared/errors";

/** The request carries what looks like card data. */
export class CardDataRefused extends AppError<{ field: string }> {
  override readonly status = 400;
}

const NAMES =
  /^(cc|ccnumber|creditcard|card|cardnumber|cardno|pan|primaryaccountnumber|cvv2?|cvc2?|csc|cid|securitycode|exp|expiry|expirydate|expiration|expirationdate|expmonth|expyear|validthru|track[12]?)$/;
/** Numbers of cards have 13 to 19 digits (ISO/IEC 7812), often in groups. */
const RUNS = /\d+(?:[ .-]\d+)*/g;
const [FEWEST, MOST] = [13, 19];
/** Nothing that belongs into a request is longer. */
const LONGEST = 2_000;
const DEEPEST = 20;

/** Throws CardDataRefused for the first field, however deep, whose name or value looks like a card's; InputInvalid for endless text. */
export function refuseCardData(value: unknown, field = "body", depth = 0): void {
  if (depth > DEEPEST) throw new CardDataRefused("The request is nested too deeply", { field: "body" });
  if (typeof value === "string" || typeof value === "number") {
    if (String(value).length > LONGEST) throw new InputInvalid([{ field, problem: `more than ${LONGEST} characters` }]);
    if (holdsCardNumber(String(value))) throw refused(field);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseCardData(item, `${field}[${index}]`, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      // A name may itself be a number: it is not repeated either.
      if (name.length > LONGEST || holdsCardNumber(name)) throw refused(`${field}.*`);
      const inner = `${field}.${name.slice(0, 40).replaceAll(/[^\w-]/g, "?")}`;
      if (NAMES.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""))) throw refused(inner);
      refuseCardData(member, inner, depth + 1);
    }
  }
}

const refused = (field: string) =>
  new CardDataRefused(`${field}: looks like card data. Have it tokenised and send the token as paymentToken`, {
    field,
  });

/** Whether some groups of digits that stand together are a card's number: what stands before or after may be digits, too. */
function holdsCardNumber(text: string): boolean {
  for (const [run] of text.matchAll(RUNS)) {
    const groups = run.split(/[ .-]/);
    for (let first = 0; first < groups.length; first++) {
      let digits = "";
      for (let last = first; last < groups.length && digits.length < MOST; last++) {
        digits += groups[last];
        if (digits.length >= FEWEST && digits.length <= MOST && isLuhn(digits)) return true;
      }
    }
  }
  return false;
}

/** The check digit of ISO/IEC 7812: every second digit from the right is doubled, the sum ends in 0. All zeros is no card. */
export function isLuhn(digits: string): boolean {
  if (/^0*$/.test(digits)) return false;
  let sum = 0;
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
