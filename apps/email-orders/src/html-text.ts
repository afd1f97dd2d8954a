/** The text that a reader of an HTML mail sees, in lines. What others wrote before (blockquotes, quoted replies) is left out. */

const UNSEEN = new Set(["style", "script", "head", "title", "template"]);
const BREAKS = /^\/?(?:br|p|div|li|ul|ol|tr|table|h[1-6]|hr|pre|section|article)$/;
/** Longer ones are not searched for a class. */
const LONGEST_TAG = 2_000;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  times: "×",
  ndash: "–",
  mdash: "—",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
};

export function htmlToText(html: string): string {
  let text = "";
  let unseen: string | undefined;
  let quotes = 0;
  for (const [token] of html.replace(/<!--[^]*?(?:-->|$)/g, "").matchAll(/<[a-zA-Z/!][^<>]*>|<|[^<]+/g)) {
    const [, name = ""] = /^<(\/?[a-zA-Z][a-zA-Z0-9]*)/.exec(token) ?? [];
    const tag = name.toLowerCase();
    if (unseen !== undefined) {
      if (tag === `/${unseen}`) unseen = undefined;
    } else if (tag === "") {
      // Line ends of the source are spaces to a reader.
      if (quotes === 0 && !token.startsWith("<!")) text += decodeEntities(token).replace(/[\r\n\t ]+/g, " ");
    } else if (UNSEEN.has(tag)) unseen = tag;
    else if (tag === "blockquote") quotes++;
    else if (tag === "/blockquote") quotes = Math.max(0, quotes - 1);
    else if (
      token.length < LONGEST_TAG &&
      /class\s*=\s*["']?[^"'>]*(?:gmail_quote|moz-cite-prefix|yahoo_quoted)/i.test(token)
    )
      break;
    else if (BREAKS.test(tag) && quotes === 0) text += "\n";
  }
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const decodeEntities = (text: string): string =>
  text.replace(/&(#[xX][0-9a-fA-F]{1,6}|#\d{1,7}|\w{2,8});/g, (all, entity: string) => {
    if (!entity.startsWith("#")) return ENTITIES[entity] ?? all;
    const code = /^#[xX]/.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "";
  });
