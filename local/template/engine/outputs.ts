/** The outputs of a stack and what it exports. */
import { evaluate } from "../intrinsics/evaluate.ts";
import type { Scope } from "../intrinsics/scope.ts";
import { inside, TemplateError } from "../template-error.ts";
import type { Template } from "../template.ts";
import { isScalar } from "../value.ts";
import { localAddresses } from "./resources/host-names.ts";
import type { StackStore, StoredOutput } from "./state/record.ts";
import type { StackSession } from "./state/session.ts";

/** Throws TemplateError for values that are no strings and for exports that collide or are taken away while in use. */
export function readOutputs(
  session: StackSession,
  template: Template,
  scope: Scope,
): Readonly<Record<string, StoredOutput>> {
  const outputs: Record<string, StoredOutput> = {};
  const { name: stackName, outputs: before } = session.record;
  for (const [name, definition] of Object.entries(template.outputs)) {
    const path = inside("Outputs", name);
    if (definition.condition !== undefined && !scope.condition(definition.condition, inside(path, "Condition")))
      continue;
    const value = evaluate(definition.value, scope, inside(path, "Value"));
    if (!isScalar(value))
      throw new TemplateError(
        "Template format error: The Value field of every Outputs member must evaluate to a String.",
        path,
      );
    const exportName =
      definition.exportName === undefined
        ? undefined
        : evaluate(definition.exportName, scope, inside(path, "Export.Name"));
    if (exportName !== undefined && typeof exportName !== "string")
      throw new TemplateError(
        "Template format error: Output export name must evaluate to a String.",
        inside(path, "Export.Name"),
      );
    checkExporter(session, exportName, path);
    outputs[name] = {
      value: String(localAddresses(String(value), session.cloud.endpoint)),
      description: definition.description,
      exportName,
    };
  }
  const exported = new Map(Object.values(outputs).map((output) => [output.exportName, output.value]));
  for (const { exportName, value } of Object.values(before))
    if (exportName !== undefined && exported.get(exportName) !== value)
      checkUnused(session.store, exportName, exported.has(exportName) ? "updated" : "deleted");
  const names = Object.values(outputs).flatMap((output) => output.exportName ?? []);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new TemplateError(
      `Template error: Export ${twice} is declared more than once in stack ${stackName}`,
      "Outputs",
    );
  return outputs;
}

function checkExporter(session: StackSession, exportName: string | undefined, path: string): void {
  const other = exportName === undefined ? undefined : session.store.exporter(exportName);
  if (other && other.stack.name !== session.record.name)
    throw new TemplateError(`Export with name ${exportName} is already exported by stack ${other.stack.name}`, path);
}

/** Throws TemplateError while some stack imports the name. */
export function checkUnused(store: StackStore, exportName: string, verb: "updated" | "deleted"): void {
  const users = store.importers(exportName);
  if (users.length > 0)
    throw new TemplateError(
      `Export ${exportName} cannot be ${verb} as it is in use by ${users.map((stack) => stack.name).join(", ")}`,
    );
}
