/** What became of the lines of a round: each item or batch of the Map says it in a few numbers, which are added up. */
import * as z from "zod/mini";
import { amountOf, type Line, sum, weightOf } from "./order.ts";

export const Summary = z.object({
  packed: z.number(),
  amountMinor: z.number(),
  weightGrams: z.number(),
  pending: z.number(),
  failed: z.number(),
  reason: z.string(),
});
export type Summary = z.infer<typeof Summary>;

/** Packed lines: their price and their weight. Lines out of stock add neither. */
export const summaryOfPacked = (lines: readonly Line[]): Pick<Summary, "packed" | "amountMinor" | "weightGrams"> => ({
  packed: lines.length,
  amountMinor: sum(lines.map(amountOf)),
  weightGrams: sum(lines.map(weightOf)),
});

/** All together. Lines that nobody has said anything of count as failed: a batch that never answered must not look like success. */
export function addUp(summaries: readonly Summary[], plannedLines: number): Summary {
  const total = (pick: (summary: Summary) => number) => sum(summaries.map(pick));
  const packed = total((summary) => summary.packed);
  const pending = total((summary) => summary.pending);
  const failed = Math.max(
    total((summary) => summary.failed),
    plannedLines - packed - pending,
  );
  const reason = summaries.find((summary) => summary.failed > 0)?.reason ?? "";
  return {
    packed,
    pending,
    failed,
    amountMinor: total((summary) => summary.amountMinor),
    weightGrams: total((summary) => summary.weightGrams),
    reason: failed > 0 && reason === "" ? `${failed} lines have no result` : reason,
  };
}
