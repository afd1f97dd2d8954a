/** The first number of a random sequence, in [0, 1), the same for the same seed (splitmix32). */
export function seeded(seed: number): number {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x9e3779b9) | 0;
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return ((state ^ (state >>> 15)) >>> 0) / 4_294_967_296;
}
