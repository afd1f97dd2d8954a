import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { KnipConfig } from "knip";

/** Handlers are called by Lambda: the entry points that the templates name. */
const handlers = globSync("apps/*/template.yaml").flatMap((template) =>
  [...readFileSync(template, "utf8").matchAll(/EntryPoints: \[([^\]]+)\]/g)].flatMap(([, files = ""]) =>
    files.split(",").map((file) => join(dirname(template), file.trim())),
  ),
);

const config: KnipConfig = {
  entry: [
    "scripts/run.mjs",
    "scripts/cli/run-command.ts",
    "scripts/bench/*.ts",
    "scripts/smoke/*.ts",
    "apps/*/demo.ts",
    "apps/*/samples/make-*.ts",
    "local/testing.ts",
    "local/lambda/worker/*.ts",
    "local/services/rekognition/vision/{program,tensorflow}.ts",
    "local/services/textract/reading/program.ts",
    "local/console/page/*.js",
    // What apps may use of the shared layer, whether one does today or not.
    "shared/*.ts",
    "shared/{clients,events,observability,testing,writes}/*.ts",
    ...handlers.filter((file) => existsSync(file)),
  ],
  project: ["{apps,local,scripts,shared}/**/*.{ts,mjs,js}"],
  ignoreExportsUsedInFile: true,
  // Found by path or run as a program: models, the alias in the bundle of Rekognition's worker, the linter.
  ignoreDependencies: ["@tensorflow/tfjs", "@vladmandic/human", "@tesseract.js-data/eng", "oxlint"],
};

export default config;
