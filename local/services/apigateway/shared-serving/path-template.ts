/** Paths with parameters: `/pets/{petId}`, `/files/{path+}`. */
import { decoded } from "./address.ts";

export interface PathMatch {
  /** Percent-decoded values by parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Compares bytewise: the smaller one is the more specific match. One letter per segment: literal, parameter, greedy. */
  readonly rank: string;
}

interface Segment {
  readonly kind: "literal" | "parameter" | "greedy";
  readonly text: string;
}

const known = new Map<string, readonly Segment[]>();

function segmentsOf(template: string): readonly Segment[] {
  const found = known.get(template);
  if (found) return found;
  const segments = split(template).map((part): Segment => {
    const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) return { kind: "literal", text: part };
    return { kind: plus === "+" ? "greedy" : "parameter", text: name };
  });
  if (known.size > 10_000) known.clear();
  known.set(template, segments);
  return segments;
}

const split = (path: string): string[] => {
  const inner = path.replace(/^\//, "");
  return inner === "" ? [] : inner.split("/");
};

/** Matches a percent-encoded path without query against a template; undefined when it does not fit. */
export function matchPath(template: string, path: string): PathMatch | undefined {
  const wanted = segmentsOf(template);
  const given = split(path);
  const parameters: Record<string, string> = {};
  let rank = "";
  for (const [index, { kind, text }] of wanted.entries()) {
    const value = given[index];
    if (kind === "greedy") {
      const rest = given.slice(index).join("/");
      if (rest === "") return undefined;
      return { parameters: { ...parameters, [text]: decoded(rest) }, rank: `${rank}c` };
    }
    if (value === undefined || (kind === "parameter" && value === "")) return undefined;
    if (kind === "literal" && text !== value && text !== decoded(value)) return undefined;
    if (kind === "parameter") parameters[text] = decoded(value);
    rank += kind === "literal" ? "a" : "b";
  }
  return given.length === wanted.length ? { parameters, rank } : undefined;
}
