import { defineConfig } from "vitest/config";

/** Tests that replace modules, or load modules again with other environment variables. */
const APART = ["shared/**/*.test.ts", "apps/face-blur/src/faces/detect.test.ts"];

/** Take minutes: `npm test` leaves them to `npm run outages` unless files are named. */
const OUTAGES = process.env["OUTAGES"] === "none" ? ["apps/*/tests/outages.test.ts"] : [];

export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", "**/.aws-sam/**", "**/.local/**"],
    pool: "forks",
    // Vitest would leave one core to watching.
    maxWorkers: "100%",
    setupFiles: ["local/testing/same-every-run.ts"],
    // A cloud with several apps' tests beside it on a small machine takes its time; a test that hangs is still found.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["{apps,local,scripts}/**/*.test.ts"],
          exclude: [...APART, ...OUTAGES],
          // Every scenario starts a local cloud of its own, and nothing else is kept in modules: loading them again for each of some 400
          // files would take as long as a fifth of all tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
