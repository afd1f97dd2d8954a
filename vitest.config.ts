import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,shared,local,scripts}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.aws-sam/**", "**/.local/**"],
    // Every scenario starts a local cloud of its own: one process a file keeps them apart.
    pool: "forks",
    setupFiles: ["local/testing/same-every-run.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
