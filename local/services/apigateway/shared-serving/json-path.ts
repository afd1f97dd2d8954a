/** JSON paths as mapping templates and parameter mappings use them: names, indexes, wildcards and recursive descent. */

type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "deep" };

export interface JsonPath {
  /** Leads to at most one value. */
  readonly isDefinite: boolean;
  /** A value, or a list of values for a path with wildcards. Undefined when there is nothing. */
  find(root: unknown): unknown;
}

export class JsonPathError extends Error {
  constructor(path: string) {
    super(`Invalid JSON path specified: ${path}`);
    this.name = "JsonPathError";
  }
}

const STEP = /\.\.(?=[\w$[*])|\.?\[\s*(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*))\s*\]|\.(\*)|\.?([^.[\]\s*]+)/y;

/** `$.a.b[0]['c d'][*]`; a path without `$` starts at the root too. Throws JsonPathError. */
export function jsonPath(text: string): JsonPath {
  const steps: Step[] = [];
  let at = text.startsWith("$") ? 1 : 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    if (!found) throw new JsonPathError(text);
    const [whole, single, double, index, bracketStar, dotStar, name] = found;
    const key = single ?? double ?? name;
    if (key !== undefined) steps.push({ kind: "name", name: key });
    else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else steps.push({ kind: (bracketStar ?? dotStar) ? "all" : "deep" });
    at += whole.length;
  }
  const isDefinite = steps.every(({ kind }) => kind === "name" || kind === "index");
  return {
    isDefinite,
    find(root) {
      const found = steps.reduce<readonly unknown[]>(
        (values, step) => values.flatMap((value) => below(value, step)),
        [root],
      );
      return isDefinite ? found[0] : found;
    },
  };
}

function below(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== "object" || value === null) return step.kind === "deep" ? [value] : [];
  const children: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  switch (step.kind) {
    case "name": {
      if (Array.isArray(value) || !Object.hasOwn(value, step.name)) return [];
      return [Reflect.get(value, step.name)];
    }
    case "index": {
      const item: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case "all":
      return children;
    case "deep":
      return [value, ...children.flatMap((child) => (typeof child === "object" ? below(child, step) : []))];
  }
}
