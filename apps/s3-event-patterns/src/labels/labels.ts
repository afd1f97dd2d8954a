/** Labels as the table keeps them. */
import type * as Rekognition from "@aws-sdk/client-rekognition";

export interface Label {
  readonly name: string;
  /** Percent, to two decimals. */
  readonly confidence: number;
  /** What stands above it: of a car, `Vehicle`. */
  readonly parents: readonly string[];
}

/** The most certain first; those of equal confidence by name. */
export function labelsOf(found: readonly Rekognition.Label[]): readonly Label[] {
  return found
    .flatMap(({ Name, Confidence = 0, Parents = [] }) =>
      Name === undefined
        ? []
        : [
            {
              name: Name,
              confidence: Math.round(Confidence * 100) / 100,
              parents: Parents.flatMap((parent) => parent.Name ?? []),
            },
          ],
    )
    .sort((a, b) => b.confidence - a.confidence || (a.name < b.name ? -1 : 1));
}
