/** When two values are the same, and which of two comes first. */
import { compareNumbers, sortableNumber } from "./decimal.ts";
import { type Item, typeOf, type Value } from "./value.ts";

/** The order of UTF-8 bytes, found without encoding: only surrogates sort differently among UTF-16 units. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Negative, zero or positive for two texts, numbers or byte strings; undefined when they cannot be ordered. */
export function compareValues(left: Value, right: Value): number | undefined {
  if ("S" in left && "S" in right) return compareText(left.S, right.S);
  if ("N" in left && "N" in right) return compareNumbers(left.N, right.N);
  if ("B" in left && "B" in right) return Buffer.compare(left.B, right.B);
  return undefined;
}

/** Sets are the same in any order, lists and maps when all their members are. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeOf(left) !== typeOf(right)) return false;
  if ("S" in left && "S" in right) return left.S === right.S;
  if ("N" in left && "N" in right) return left.N === right.N;
  if ("BOOL" in left && "BOOL" in right) return left.BOOL === right.BOOL;
  if ("B" in left && "B" in right) return Buffer.compare(left.B, right.B) === 0;
  if ("L" in left && "L" in right) {
    const { L: others } = right;
    return left.L.length === others.length && left.L.every((member, at) => sameAs(member, others[at]));
  }
  if ("M" in left && "M" in right) return sameItem(left.M, right.M);
  const own = new Set(setMembers(left));
  const others = setMembers(right);
  return own.size === others.length && others.every((member) => own.has(member));
}

const sameAs = (left: Value, right: Value | undefined): boolean => right !== undefined && sameValue(left, right);

export function sameItem(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const member = left[name];
      return member !== undefined && Object.hasOwn(right, name) && sameAs(member, right[name]);
    })
  );
}

/** The members of a set as texts that are equal when the members are; empty for NULL. */
export function setMembers(value: Value): readonly string[] {
  if ("SS" in value) return value.SS;
  if ("NS" in value) return value.NS;
  return "BS" in value ? value.BS.map(binaryText) : [];
}

export const binaryText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** A key attribute as a text: different for different keys of one type, and in their order under `compareText`. */
export function keyText(value: Value): string {
  if ("S" in value) return value.S;
  if ("N" in value) return sortableNumber(value.N);
  return "B" in value ? binaryText(value.B) : "";
}
