/** `*` stands for any run of characters; `\*` and `\\` for themselves. Linear in the text: no backtracking over all stars. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const pieces = literalPieces(pattern);
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

/** What stands between the stars. */
function literalPieces(pattern: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? "";
    if (character === "*") {
      pieces.push(piece);
      piece = "";
    } else if (character === "\\" && index + 1 < pattern.length) piece += pattern[++index];
    else piece += character;
  }
  return [...pieces, piece];
}
