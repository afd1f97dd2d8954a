/** How many items may fail (Setting failure thresholds for Distributed Map states, developer guide). */

/** Which thresholds the definition sets. Without any, the first failure is too much. */
export interface Bounds {
  readonly byCount: boolean;
  readonly byPercentage: boolean;
}

export function isExceeded(
  failed: number,
  total: number,
  limits: { readonly toleratedFailureCount: number; readonly toleratedFailurePercentage: number },
  { byCount, byPercentage }: Bounds,
): boolean {
  // UpdateMapRun may have set a threshold that the definition has not.
  const count = byCount || limits.toleratedFailureCount > 0;
  const percentage = byPercentage || limits.toleratedFailurePercentage > 0;
  if (!count && !percentage) return failed > 0;
  return (
    (count && failed > limits.toleratedFailureCount) ||
    (percentage && (failed / total) * 100 > limits.toleratedFailurePercentage)
  );
}
