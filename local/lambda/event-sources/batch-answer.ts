/** What a function reports about the items of its batch ("Reporting batch item failures"). */

/**
 * Identifiers of the failed items. Undefined when the answer is not one that Lambda understands: then the whole batch failed.
 * @param payload JSON text.
 */
export function failedItems(payload: string, identifiers: ReadonlySet<string>): ReadonlySet<string> | undefined {
  let answer: unknown;
  try {
    answer = payload === "" ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
  // An empty answer is a success of all items.
  if (answer === null) return new Set();
  if (typeof answer !== "object") return undefined;
  const failures = (answer as Record<string, unknown>)["batchItemFailures"];
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return undefined;
  const failed = new Set<string>();
  for (const failure of failures) {
    const identifier: unknown = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== "string" || !identifiers.has(identifier)) return undefined;
    failed.add(identifier);
  }
  return failed;
}
