/** Divides a text so that each part can be translated by itself. */

/**
 * Parts of at most `mostBytes` of UTF-8 that give the text when they are put together. They end with a sentence where they can, else
 * with a word, and within a word only if it is longer than a part; never within a character.
 */
export function chunksOf(text: string, mostBytes: number): readonly string[] {
  return gather(sentencesOf(text), mostBytes, (sentence) =>
    gather(wordsOf(sentence), mostBytes, (word) => gather(charactersOf(word), mostBytes, (one) => [one])),
  );
}

/** Puts pieces together as long as they fit; one that is too long by itself is divided. */
function gather(
  pieces: Iterable<string>,
  mostBytes: number,
  divide: (piece: string) => readonly string[],
): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let bytes = 0;
  for (const piece of pieces) {
    const more = Buffer.byteLength(piece);
    if (bytes > 0 && bytes + more > mostBytes) {
      parts.push(part);
      part = "";
      bytes = 0;
    }
    if (more > mostBytes) parts.push(...divide(piece));
    else {
      part += piece;
      bytes += more;
    }
  }
  return bytes > 0 ? [...parts, part] : parts;
}

const sentences = new Intl.Segmenter("und", { granularity: "sentence" });
const words = new Intl.Segmenter("und", { granularity: "word" });

const sentencesOf = (text: string): Iterable<string> => segments(sentences, text);
const wordsOf = (text: string): Iterable<string> => segments(words, text);
/** Code points: what looks like one character may be longer than a part. */
const charactersOf = (text: string): Iterable<string> => text;

function* segments(segmenter: Intl.Segmenter, text: string): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}
