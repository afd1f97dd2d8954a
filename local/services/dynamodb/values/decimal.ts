/**
 * DynamoDB's numbers: exact decimals of up to 38 significant digits, magnitudes from 1E-130 to 9.99E+125
 * ("Supported data types and naming rules": Number). JavaScript's doubles hold 15 digits, so everything is done on texts.
 */
import { invalid } from "../validation.ts";

const DIGITS = 38;
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** `digits` has no zeros at either end and is empty for zero; the value is 0.d₁d₂… × 10^(exponent + 1). */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  /** Of the first digit: 1 has 0, 100 has 2, 0.01 has -2. */
  readonly exponent: number;
}

const ZERO: Decimal = { negative: false, digits: "", exponent: 0 };

/** A number in canonical form: no exponent, no superfluous zeros (`1.50e1` is `15`). Throws ValidationException. */
export const canonicalNumber = (text: string): string => plain(checked(parse(text)));

/** The sum of two canonical numbers. Throws ValidationException when it does not fit. */
export const addNumbers = (left: string, right: string): string => plain(checked(sum(parse(left), parse(right))));

export const subtractNumbers = (left: string, right: string): string => addNumbers(left, negated(right));

const negated = (text: string): string => (text.startsWith("-") ? text.slice(1) : `-${text}`);

/** Numerical order of two canonical numbers: negative, zero or positive. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  return sortableNumber(left) < sortableNumber(right) ? -1 : 1;
}

/** A text for a canonical number such that texts sort as their numbers do. */
export function sortableNumber(text: string): string {
  const { negative, digits, exponent } = parse(text);
  if (digits === "") return "1";
  const magnitude = String(exponent + 500).padStart(4, "0") + digits;
  // Larger magnitudes of negative numbers come first; `~` makes the shorter of two equal beginnings the larger.
  return negative ? `0${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}~` : `2${magnitude}`;
}

/** Bytes that a number takes: one for every two significant digits and one more ("DynamoDB item sizes and formats"). */
export function numberSize(text: string): number {
  const { negative, digits } = parse(text);
  return Math.ceil(digits.length / 2) + 1 + (negative ? 1 : 0);
}

function parse(text: string): Decimal {
  const match = SYNTAX.exec(text);
  const [, sign = "", whole = "", fraction = "", power = "0"] = match ?? [];
  if (!match || whole + fraction === "") {
    throw invalid(`The parameter cannot be converted to a numeric value${text === "" ? "" : `: ${text}`}`);
  }
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, "").length;
  const digits = all.slice(leading).replace(/0+$/, "");
  if (digits === "") return ZERO;
  return { negative: sign === "-", digits, exponent: whole.length - leading - 1 + Number(power) };
}

function checked(number: Decimal): Decimal {
  const { digits, exponent } = number;
  if (digits === "") return number;
  if (exponent > LARGEST_EXPONENT) {
    throw invalid("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (exponent < SMALLEST_EXPONENT) {
    throw invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  if (digits.length > DIGITS) throw invalid("Attempting to store more than 38 significant digits in a Number");
  return number;
}

function plain({ negative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, "0");
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function sum(left: Decimal, right: Decimal): Decimal {
  const scale = Math.min(lastPlace(left), lastPlace(right));
  const total = scaled(left, scale) + scaled(right, scale);
  return parse(`${total}e${scale}`);
}

/** The power of ten of the last digit. */
const lastPlace = ({ digits, exponent }: Decimal): number => exponent - digits.length + 1;

function scaled(number: Decimal, scale: number): bigint {
  if (number.digits === "") return 0n;
  const magnitude = BigInt(number.digits.padEnd(number.digits.length + lastPlace(number) - scale, "0"));
  return number.negative ? -magnitude : magnitude;
}
