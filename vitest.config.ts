import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,shared,local,scripts}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.aws-sam/**", "**/.local/**"],
    // Every scenario starts a local cloud of its own: one process a file keeps them apart.
    pool: "forks",
    // Vitest would leave one core to watching.
    maxWorkers: "100%",
    setupFiles: ["local/testing/same-every-run.ts"],
    // A cloud with several apps' tests beside it on a small machine takes its time; a test that hangs is still found.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
