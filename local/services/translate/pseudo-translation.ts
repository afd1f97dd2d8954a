/**
 * What stands for a translation: `[de] Willkommen, ðéár ģúéšţš`. The target in front says that no translator was here; words of the glossary
 * are translated, all others get accents, so that nobody takes them for a translation and everybody can still read them.
 */
import { glossary } from "./glossary.ts";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MARKED = "áƀçðéƒģħíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇÐÉƑĢĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ";
const marks = new Map([...PLAIN].map((letter, index) => [letter, [...MARKED][index] ?? letter]));

/** Line ends, numbers and punctuation stay as they are. Text in the target language already is left alone, as the service does. */
export function pseudoTranslation(text: string, from: string, to: string): string {
  if (from === to) return text;
  const known = glossary(from, to);
  // Letters, blanks and apostrophes only: nothing in a phrase means anything to an expression.
  const phrases = [...known.keys()].sort((a, b) => b.length - a.length);
  const words = new RegExp(`(?<!\\p{L})(?:${[...phrases, "\\p{L}+"].join("|")})(?!\\p{L})`, "giu");
  const translated = text.replace(words, (word) => {
    const found = known.get(word.toLowerCase());
    return found === undefined ? marked(word) : inTheCaseOf(word, found);
  });
  return `[${to}] ${translated}`;
}

const marked = (word: string): string => [...word].map((letter) => marks.get(letter) ?? letter).join("");

function inTheCaseOf(word: string, translation: string): string {
  if (word.length > 1 && word === word.toUpperCase()) return translation.toUpperCase();
  const first = word.charAt(0);
  return first === first.toLowerCase() ? translation : translation.charAt(0).toUpperCase() + translation.slice(1);
}
