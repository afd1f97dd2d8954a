/** Drawings of definitions. A page asks for the same one every second while its execution runs. */
import { readDefinition } from "./definition.ts";
import { draw, type Drawing } from "./layout.ts";

const KEPT = 50;
const kept = new Map<string, Drawing>();

/** Throws SyntaxError for a definition that is no JSON. */
export function drawingOf(definition: string): Drawing {
  const drawing = kept.get(definition) ?? draw(readDefinition(definition));
  // The one asked for last is forgotten last.
  kept.delete(definition);
  kept.set(definition, drawing);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return drawing;
}
