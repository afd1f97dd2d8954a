/** Paths of an API whose functions exist only under a condition. */
import { inside } from "../template-error.ts";
import { ref, type Fields, type Value } from "../value.ts";
import type { Lowering } from "./lowering.ts";
import type { Paths } from "./openapi.ts";

const NOTHING = ref("AWS::NoValue");

export class ConditionalPaths {
  readonly #conditions = new Map<string, Map<string, string | undefined>>();

  /** A method that an event added; `condition` is that of its function. */
  note(path: string, method: string, condition: Value | undefined): void {
    const methods = this.#conditions.get(path) ?? new Map<string, string | undefined>();
    methods.set(method, typeof condition === "string" ? condition : undefined);
    this.#conditions.set(path, methods);
  }

  /** The paths with their methods behind Fn::If; a path is left out when none of its methods is there. */
  wrap(lowering: Lowering, apiId: string, paths: Paths): Fields {
    return Object.fromEntries(
      Object.entries(paths).map(([path, item]): [string, Value] => {
        const methods = this.#conditions.get(path);
        if (!methods) return [path, item];
        const wrapped: Fields = Object.fromEntries(
          Object.entries(item).map(([method, operation]) => {
            const condition = methods.get(method);
            return [method, condition === undefined ? operation : { "Fn::If": [condition, operation, NOTHING] }];
          }),
        );
        const isGiven = Object.keys(item).some((method) => method !== "options" && !methods.has(method));
        const name = `${apiId}${path.replaceAll("/", "SLASH").replaceAll(/[^A-Za-z0-9]/g, "")}PathCondition`;
        const condition = isGiven ? undefined : anyOf(lowering, name, [...methods.values()]);
        return [path, condition === undefined ? wrapped : { "Fn::If": [condition, wrapped, NOTHING] }];
      }),
    );
  }

  /** For an API that exists only for its events: the condition under which there is any. */
  ofAll(lowering: Lowering, apiId: string): string | undefined {
    return anyOf(
      lowering,
      `${apiId}Condition`,
      [...this.#conditions.values()].flatMap((methods) => [...methods.values()]),
    );
  }
}

/** A condition that holds when one of these does; undefined when one of them always does. Fn::Or takes two to ten. */
function anyOf(lowering: Lowering, name: string, conditions: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(conditions)];
  const [first] = distinct;
  if (first === undefined || distinct.includes(undefined)) return undefined;
  if (distinct.length === 1) return first;
  if (distinct.length > 10) {
    lowering.warn(inside("Conditions", name), "more than ten conditions cannot be joined: the path is always there");
    return undefined;
  }
  lowering.conditions[name] = { "Fn::Or": distinct.map((condition) => ({ Condition: condition ?? "" })) };
  return name;
}
