import type { BuildOptions } from "esbuild";

/** CommonJS dependencies inside an ES module expect these. */
const COMMONJS_GLOBALS = [
  `import { createRequire as __createRequire } from "node:module";`,
  `import { fileURLToPath as __fileURLToPath } from "node:url";`,
  `const require = __createRequire(import.meta.url), __filename = __fileURLToPath(import.meta.url), __dirname = __filename.slice(0, __filename.lastIndexOf("/"));`,
].join("");

/** How everything is built that runs in a function. */
export const CODE_OPTIONS = {
  write: false,
  bundle: true,
  platform: "node",
  format: "esm",
  // ES modules first: they shake, CommonJS does not.
  mainFields: ["module", "main"],
  minify: true,
  // Tasks' errors are told apart by the names of their classes.
  keepNames: true,
  legalComments: "none",
  banner: { js: COMMONJS_GLOBALS },
  logLevel: "silent",
} satisfies BuildOptions;

/** esbuild's target for a Lambda runtime: `nodejs24.x` is `node24`. */
export function targetOf(runtime: string): string {
  return `node${/\d+/.exec(runtime)?.[0] ?? "24"}`;
}
