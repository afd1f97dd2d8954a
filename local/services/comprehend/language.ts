/**
 * Which language a text is in. Scripts of their own tell at once; languages in Latin letters are told apart by their commonest words
 * and their typical letters. A few lines, not a model: two words may mislead it, and languages that are not listed it takes for others.
 */

export interface Likelihood {
  readonly code: string;
  /** 0 to 1; those of a text add up to at most 1. */
  readonly score: number;
}

/** Words that hardly a sentence does without, and letters that others do not have. */
const LATIN: Readonly<Record<string, { readonly words: string; readonly letters: RegExp }>> = {
  en: {
    words:
      "the of and to in is it you that was for on are with as his they be at this have from or had by not but what we there can an your which their will each about how she has more would my me our please no open closed",
    letters: /\w(?:ing|th|ght|wh)\b|\bth|\bwh|sh\b/giu,
  },
  de: {
    words:
      "der die das und ist in zu den nicht von sie mit dem sich auf für ein eine einen es im auch als an nach wie bei aus wir ich war hat oder aber wenn nur noch werden bitte kein keine ihr ihre mein unser geschlossen geöffnet",
    letters: /[äöüß]|sch|\p{L}(?:ung|keit|lich|en)\b/giu,
  },
  fr: {
    words:
      "le la les de des du et est un une que qui dans pour pas sur au avec ce il elle nous vous je ne se en plus par sont mais ou où cette mon votre notre être avoir merci très fermé ouvert",
    letters: /[àâçèêëîïôùûœ]|é|\b[ldjqnsc]['’]|eux\b|\p{L}(?:tion|ment)\b/giu,
  },
  es: {
    words:
      "el la los las de del y que en un una es por con no para se su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hay donde gracias mi nuestro cerrado abierto",
    letters: /[ñ¿¡]|[áíóú]|\p{L}(?:ción|dad|ados?|ando)\b/giu,
  },
  it: {
    words:
      "il lo la i gli le di del della e che è un una in per non con sono si da come anche più ma al alla nel questo questa se mi ci ha ho molto grazie dove nostro mio chiuso aperto",
    letters: /[àèìòù]|\bdell|\bl['’]|zz|\p{L}(?:zione|mente|are|ere)\b/giu,
  },
  pt: {
    words:
      "o a os as de do da dos das e que em um uma é por com não para se seu sua ao no na como mais mas foi ele ela muito você isso são está obrigado nosso meu fechado aberto",
    letters: /[ãõ]|ç|[áéíóú]|\p{L}(?:ção|ções|dade|mente)\b|lh|nh/giu,
  },
  nl: {
    words:
      "de het een en van ik te dat die in is niet op zijn met voor als er aan om ook maar bij naar dan wat je wij kan nog wordt heeft deze mijn onze geen gesloten geopend",
    letters: /ij|oe|aa|ee|\p{L}(?:heid|lijk)\b/giu,
  },
};

/** The order matters: Japanese is written in Chinese characters too, but never without kana. */
const SCRIPTS: readonly (readonly [code: string, letters: RegExp])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["zh", /\p{Script=Han}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["hi", /\p{Script=Devanagari}/gu],
  ["ru", /\p{Script=Cyrillic}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["he", /\p{Script=Hebrew}/gu],
];

const WORD_WEIGHT = 1;
const LETTER_WEIGHT = 0.4;
/** So that a single hit does not make certain. */
const PRIOR = 0.05;

const wordsOf = new Map(Object.entries(LATIN).map(([code, { words }]) => [code, new Set(words.split(" "))]));

/** The likely languages, the likeliest first: at least one, and English when there is nothing to go by. */
export function languagesOf(text: string): readonly Likelihood[] {
  const letters = count(text, /\p{L}/gu);
  for (const [code, script] of SCRIPTS) {
    const share = count(text, script) / Math.max(1, letters);
    // Kana are a third of Japanese text, the rest is Han.
    if (share > (code === "ja" ? 0.15 : 0.5)) return [{ code, score: code === "ja" ? 0.99 : Math.min(0.99, share) }];
  }
  const found = [...wordsOf].map(([code, known]) => ({ code, weight: PRIOR + evidenceOf(text, code, known) }));
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  const ranked = found
    .map(({ code, weight }) => ({ code, score: weight / total }))
    .sort((a, b) => b.score - a.score || (a.code === "en" ? -1 : b.code === "en" ? 1 : 0));
  return ranked.filter(({ score }, index) => index === 0 || score >= 0.1);
}

function evidenceOf(text: string, code: string, known: ReadonlySet<string>): number {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const hits = words.filter((word) => known.has(word)).length;
  const typical = LATIN[code]?.letters ?? /$^/u;
  return WORD_WEIGHT * hits + LETTER_WEIGHT * count(text, typical);
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
