import { defineConfig } from "vitest/config";

/** One project per layer, fast ones first; `npm test` runs them one after another and adds up their counts. */
const project = (name: string, include: string[], extra: Record<string, unknown> = {}) => ({
  test: { name, include, environment: "node", testTimeout: 20_000, hookTimeout: 60_000, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["test/unit/**/*.test.ts"]),
      // What answers are, not how soon they come: two files at a time.
      project("semantics", ["test/semantics/**/*.test.ts"], { testTimeout: 240_000, maxWorkers: 2 }),
      project("conformance", ["test/conformance/**/*.test.ts"], {
        exclude: ["test/conformance/deploy-*.test.ts"],
        testTimeout: 60_000,
        fileParallelism: false,
      }),
      // What is deployed, not how long it takes: two files at a time, each with servers of its own.
      project("deploy", ["test/conformance/deploy-*.test.ts"], {
        globalSetup: "test/conformance/deploy/install.ts",
        testTimeout: 60_000,
        maxWorkers: 2,
      }),
      project("webview", ["test/webview/**/*.test.ts"], { testTimeout: 60_000, fileParallelism: false }),
      project("reliability", ["test/reliability/**/*.test.ts"], { testTimeout: 60_000, fileParallelism: false }),
      project("evaluation", ["test/evaluation/**/*.test.ts"], { testTimeout: 60_000, fileParallelism: false }),
      // A real account, only when somebody asks for it: npm run test:aws.
      project("aws", ["test/aws/**/*.test.ts"], { testTimeout: 600_000, hookTimeout: 600_000 }),
      project("journey", ["test/journey/**/*.test.ts"], { testTimeout: 240_000, fileParallelism: false }),
    ],
  },
});
