/** Values of JSONata states: any JSON in which strings `{% … %}` are expressions. */
import { isArray, isObject, put, type Json } from "../json.ts";
import { all, chain, type MaybePromise } from "../maybe-promise.ts";
import { compileExpression, isExpression, type Bindings } from "./expression.ts";

export type Template = (bindings: Bindings) => MaybePromise<Json>;

export const compileTemplate = (template: Json, field: string, where: string): Template =>
  compileNode(template, field, where) ?? (() => template);

/** Undefined for what holds no expression. */
function compileNode(node: Json, field: string, where: string): Template | undefined {
  if (isExpression(node)) return compileExpression(node, field, where);
  if (isArray(node)) {
    const items = node.map((item, index) => compileNode(item, `${field}[${index}]`, `${where}[${index}]`));
    if (items.every((item) => item === undefined)) return undefined;
    return (bindings) => all(node.map((item, index) => items[index]?.(bindings) ?? item));
  }
  if (!isObject(node)) return undefined;
  const members = Object.entries(node).map(([key, value]) => ({
    key,
    value,
    evaluate: compileNode(value, `${field}/${key}`, `${where}/${key}`),
  }));
  if (members.every(({ evaluate }) => evaluate === undefined)) return undefined;
  return (bindings) =>
    chain(all(members.map(({ value, evaluate }) => evaluate?.(bindings) ?? value)), (values) => {
      const result: Record<string, Json> = {};
      members.forEach(({ key }, index) => put(result, key, values[index] ?? null));
      return result;
    });
}
