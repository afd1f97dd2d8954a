/** What an app takes in, as its own tests know it. */
import { join } from "node:path";
import type { Work } from "../../local/testing/work.ts";

export async function workOf(app: string): Promise<Work> {
  const file = join(import.meta.dirname, "../../apps", app, "tests/work.ts");
  return ((await import(file)) as { readonly work: Work }).work;
}
