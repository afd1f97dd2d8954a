/**
 * S3 lists keys in the order of their UTF-8 bytes. JavaScript compares UTF-16 units, which differs for characters
 * beyond the basic plane: their surrogates (D800-DFFF) sort before E000-FFFF but their UTF-8 bytes come after.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
