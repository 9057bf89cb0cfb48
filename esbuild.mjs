/** Bundles the product into `dist/`: extension, command line tool, emulator, runtime library, webview. */
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const dev = process.argv.includes("--dev");
const outdir = join(root, "dist");

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  sourcemap: true,
  minify: !dev,
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  // A native binary: stays a package of its own.
  external: ["vscode", "esbuild"],
  // Its `main` is a UMD wrapper whose requires cannot be followed.
  alias: { "jsonc-parser": join(root, "node_modules/jsonc-parser/lib/esm/main.js") },
};

// CommonJS dependencies inside an ES module still expect `require`.
const esm = {
  ...common,
  format: "esm",
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};
const cjs = {
  ...common,
  format: "cjs",
  define: { "import.meta.url": "__importMetaUrl" },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** The editor's heavy parts stay modules of their own, loaded on first use: activation must stay under 50 ms. */
const backendExternal = {
  name: "backend-external",
  setup(builder) {
    builder.onResolve({ filter: /^\.\/backend\/\w+\.ts$/ }, ({ path }) => ({
      path: path.replace(/\.ts$/, ".mjs"),
      external: true,
    }));
  },
};

/** Entry point -> bundle. Those that do not exist in a partial checkout are an error of esbuild's, as they should be. */
const jobs = [
  { ...esm, entryPoints: { cli: "extension/cli/main.ts" }, outExtension: { ".js": ".mjs" }, outdir },
  { ...esm, entryPoints: { guard: "extension/local/guard.ts" }, outExtension: { ".js": ".mjs" }, outdir },
  {
    ...common,
    format: "esm",
    entryPoints: {
      index: "extension/runtime/index.ts",
      handler: "extension/runtime/handler.ts",
      lambda: "extension/runtime/lambda.ts",
      "lambda-tasks": "extension/runtime/lambda-tasks.ts",
      "lambda-client/index": "extension/runtime/lambda-client/index.ts",
      "lambda-client/v2": "extension/runtime/lambda-client/v2.ts",
    },
    outExtension: { ".js": ".mjs" },
    outdir: join(outdir, "runtime"),
    splitting: true,
    chunkNames: "shared-[hash]",
    // Shared with the app's own where it has one; else `lambda-client.mjs` is taken, which has it inside.
    external: ["@aws-sdk/*", "@smithy/*"],
    sourcemap: false,
    minify: false,
  },
  {
    ...cjs,
    entryPoints: { extension: "extension/vscode/extension.ts" },
    outExtension: { ".js": ".cjs" },
    outdir,
    plugins: [backendExternal],
  },
  {
    ...esm,
    entryPoints: {
      reading: "extension/vscode/backend/reading.ts",
      running: "extension/vscode/backend/running.ts",
      deploying: "extension/vscode/backend/deploying.ts",
    },
    outExtension: { ".js": ".mjs" },
    outdir: join(outdir, "backend"),
    splitting: true,
    chunkNames: "shared-[hash]",
  },
];

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await Promise.all(jobs.map((job) => build(job)));
const { lambdaClient } = await import("./extension/deployment/bundle/client.ts");
const client = join(root, "extension/runtime/lambda.ts");
await writeFile(join(outdir, "runtime/lambda-client.mjs"), await lambdaClient({ client }, "node20"));
// What an editor needs to know of the library: the sample app and the npm package carry it.
await new Promise((resolve, reject) => {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const declarations = ["--declaration", "--emitDeclarationOnly", "--rewriteRelativeImportExtensions"];
  const language = ["--module", "nodenext", "--target", "es2024", "--strict", "--skipLibCheck", "--types", "node"];
  const folders = ["--rootDir", join(root, "extension"), "--outDir", join(outdir, "types"), "--ignoreConfig"];
  const args = [compiler, join(root, "extension/runtime/index.ts"), ...declarations, ...language, ...folders];
  execFile(process.execPath, args, { cwd: root }, (error, stdout) =>
    error ? reject(new Error(`The library's declarations could not be made:\n${stdout}`)) : resolve(),
  );
});
for (const file of await readdir(join(outdir, "types"), { recursive: true })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join(outdir, "types", file);
  // Declarations may not name `.ts` files where the compiler was not told so.
  await writeFile(path, (await readFile(path, "utf8")).replaceAll(/(from "\.[^"]+)\.ts"/g, '$1.js"'));
}
const { buildEmulator } = await import("./emulator/build.mjs");
await buildEmulator({ outdir: join(outdir, "emulator"), dev });
const { buildWebview } = await import("./webview/build.mjs");
await buildWebview({ outdir: join(outdir, "webview"), dev });
if (!existsSync(join(outdir, "cli.mjs"))) throw new Error("dist/cli.mjs is missing after the build");
await writeFile(join(outdir, ".built"), new Date().toISOString());
