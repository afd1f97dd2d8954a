import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const sharpIn = (manifest: string) =>
  (JSON.parse(readFileSync(join(import.meta.dirname, manifest), "utf8")) as { dependencies: Record<string, string> })
    .dependencies["sharp"];

it("the layer brings the version of sharp that everything is tested with", () => {
  expect(sharpIn("../layers/sharp/package.json")).toMatch(/^\d+\.\d+\.\d+$/);
  expect(sharpIn("../layers/sharp/package.json")).toBe(sharpIn("../../../package.json"));
});
