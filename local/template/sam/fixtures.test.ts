import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../template.ts";
import { parseTemplate } from "../yaml/parse-template.ts";
import { lowerSam } from "./lower.ts";

const FOLDER = join(import.meta.dirname, "fixtures");
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -5)] : []));
const text = (file: string) => readFileSync(join(FOLDER, file), "utf8");

/**
 * Each template was also put through the SAM transform itself. Known differences, all of them on purpose: resource policies name
 * all paths at once instead of one statement a path; parameters and headers of OpenAPI 3 documents have their type in a schema,
 * where the specification wants it; deployments make no stage called "Stage"; the hashes behind Deployment ids are other ones.
 */
describe.each(names)("%s", (name) => {
  const lowered = lowerSam(parseTemplate(text(`${name}.yaml`)), { folder: undefined, parameters: {}, warn: () => {} });

  it("is lowered to the resources that were reviewed", () => {
    expect(lowered).toEqual(JSON.parse(text(`${name}.json`)));
  });

  it("is a template whose references all lead somewhere", () => {
    expect(Object.keys(readTemplate(lowered).resources).length).toBeGreaterThan(1);
  });
});
