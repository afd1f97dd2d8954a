/** Is a definition good? Answers AWS's diagnostics: codes, messages, locations. */
import { DefinitionError } from "../../../states/failure.ts";
import { isObject, type Json } from "../../../states/json.ts";
import { compileMachine } from "../../../states/machine.ts";
import type { MachineType } from "../records.ts";
import { describeJsonError } from "./json-error.ts";
import { structuralProblems } from "./structure.ts";

export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly code: string;
  readonly message: string;
  readonly location?: string;
}

const failed = (message: string, location?: string): Diagnostic => ({
  severity: "ERROR",
  code: "SCHEMA_VALIDATION_FAILED",
  message,
  ...(location === undefined ? {} : { location }),
});

/** An empty list for a good definition. */
export function diagnose(text: string, type: MachineType): readonly Diagnostic[] {
  let definition: Json;
  try {
    if (text.trim() === "") return [failed("Definition must be a valid JSON object")];
    definition = JSON.parse(text);
  } catch {
    return [{ severity: "ERROR", code: "INVALID_JSON_DESCRIPTION", ...describeJsonError(text) }];
  }
  if (!isObject(definition)) return [failed("Definition must be a valid JSON object")];
  const problems = structuralProblems(definition, type);
  if (problems.length > 0)
    return problems.map(({ message, path, code }) =>
      code ? { severity: "ERROR", code, message, location: path } : failed(message, path),
    );
  try {
    compileMachine(definition);
  } catch (error) {
    if (error instanceof DefinitionError) return [failed(error.message, error.path)];
    throw error;
  }
  return [];
}
