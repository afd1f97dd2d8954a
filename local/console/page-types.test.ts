import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

it("the page's JavaScript agrees with the types in its comments", () => {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  let said = "";
  try {
    execFileSync(process.execPath, [compiler, "-p", join(import.meta.dirname, "page")], { encoding: "utf8" });
  } catch (error) {
    said = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
  expect(said).toBe("");
});
