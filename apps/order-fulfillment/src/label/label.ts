/** The shipping label of a parcel, as a drawing. */
import type { Order } from "../order/order.ts";

export interface Parcel {
  readonly orderId: string;
  readonly round: number;
  readonly lines: number;
  readonly weightGrams: number;
  readonly shipTo: Order["shipTo"];
}

export function drawLabel({ orderId, round, lines, weightGrams, shipTo }: Parcel): string {
  const address = [shipTo.name, shipTo.street, `${shipTo.postcode} ${shipTo.city}`, shipTo.country];
  const rows = address.map((row, index) => textAt(20, 50 + index * 28, 20, row));
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="300" viewBox="0 0 480 300" font-family="sans-serif">',
    '<rect x="4" y="4" width="472" height="292" rx="8" fill="white" stroke="black" stroke-width="2"/>',
    ...rows,
    '<line x1="20" y1="176" x2="460" y2="176" stroke="black"/>',
    textAt(20, 212, 18, `Order ${orderId}, parcel ${round}`),
    textAt(20, 240, 18, lines === 1 ? "1 line" : `${lines} lines`),
    textAt(20, 276, 24, kilograms(weightGrams)),
    "</svg>\n",
  ].join("\n");
}

const textAt = (x: number, y: number, size: number, content: string): string =>
  `<text x="${x}" y="${y}" font-size="${size}">${escaped(content)}</text>`;

/** `1250` is `1.250 kg`, without the rounding of floating point. */
export const kilograms = (grams: number): string =>
  `${Math.floor(grams / 1_000)}.${String(grams % 1_000).padStart(3, "0")} kg`;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** Text that stays text in XML; control characters, which XML forbids, become spaces. */
const escaped = (content: string): string =>
  content.replace(/\p{Cc}|\p{Cs}/gu, " ").replace(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? sign);
