/** The filter pattern language of CloudWatch Logs (Filter pattern syntax for metric filters, subscription filters, and filter log events). */
import { compileFieldsPattern } from "./fields-pattern.ts";
import { compileJsonPattern, readSelector, select } from "./json-pattern.ts";
import { Reader } from "./lexer.ts";
import { compileTerms } from "./terms.ts";

export interface FilterPattern {
  /** Answers how to read values from a message that fits (`$.latency`, `$bytes`), or undefined when it does not fit. */
  match(message: string): ((reference: string) => string | undefined) | undefined;
}

/** Throws InvalidParameterException for a pattern that CloudWatch Logs refuses. */
export function compileFilterPattern(pattern: string): FilterPattern {
  const trimmed = pattern.trim();
  if (trimmed.startsWith("{")) {
    const fits = compileJsonPattern(trimmed);
    return {
      match(message) {
        const document = parseObject(message);
        return document !== undefined && fits(document) ? (reference) => jsonValue(document, reference) : undefined;
      },
    };
  }
  if (trimmed.startsWith("[")) {
    const fit = compileFieldsPattern(trimmed);
    return {
      match(message) {
        const fields = fit(message);
        return fields && ((reference) => fields.get(reference.replace(/^\$/, "")));
      },
    };
  }
  const fits = compileTerms(trimmed);
  return { match: (message) => (fits(message) ? () => undefined : undefined) };
}

/** The JSON object that a message is; undefined for any other text. */
export function parseObject(message: string): object | undefined {
  // Most messages are no JSON: a glance saves the exception.
  if (!message.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function jsonValue(document: object, reference: string): string | undefined {
  const value = select(document, readSelector(new Reader(reference)))[0];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
