import type { BuildContext, BuildOptions, BuildResult } from "esbuild";
import { join } from "node:path";
import type { ResolvedFunction } from "../../core/setup.ts";
import type { DeployableApp } from "../types.ts";
import { codeSha256, zip } from "../zip.ts";
import { functionCredentials } from "./credentials.ts";
import { BundleError, diagnosticsOf } from "./failures.ts";
import { refuseNativeModules } from "./native.ts";
import type { RuntimeFiles } from "./runtime-files.ts";
import { stampFiles, sameStamps, type Stamps } from "./stamps.ts";
import { ENTRY, memberTasks, type Membership } from "./tasks-plugin.ts";
import type { BundledFunction } from "./types.ts";

export interface BuildRequest {
  app: DeployableApp;
  fused: ResolvedFunction;
  /** Text of the generated entry module. */
  entry: string;
  signal?: AbortSignal;
}

/** The build of one function, kept from deploy to deploy. */
export interface FunctionBuild {
  run(request: BuildRequest): Promise<BundledFunction>;
  dispose(): Promise<void>;
}

const OUTPUT = "index.mjs";

/** CommonJS dependencies inside an ES module expect these. */
const COMMONJS_GLOBALS = [
  `import { createRequire as __createRequire } from "node:module";`,
  `import { fileURLToPath as __fileURLToPath } from "node:url";`,
  `const require = __createRequire(import.meta.url), __filename = __fileURLToPath(import.meta.url), __dirname = __filename.slice(0, -${OUTPUT.length + 1});`,
].join("");

export function createFunctionBuild(runtime: RuntimeFiles): FunctionBuild {
  const membership: Membership = { entry: "", members: new Set(), files: new Map(), folder: "" };
  let context: BuildContext<{ write: false; metafile: true }> | undefined;
  let contextKey = "";
  let last: { key: string; stamps: Stamps; result: BundledFunction } | undefined;

  const dispose = async () => {
    const old = context;
    context = undefined;
    last = undefined;
    await old?.dispose();
  };

  return {
    async run({ app, fused, entry, signal }) {
      const taskFiles = [...new Set(app.graph.tasks.map(({ file }) => file))].sort();
      const key = JSON.stringify([entry, fused.tasks, taskFiles]);
      if (last?.key === key && (await sameStamps(last.stamps))) return last.result;
      last = undefined;
      const wanted = JSON.stringify([app.folder, app.config.runtime, taskFiles]);
      if (!context || contextKey !== wanted) {
        await context?.dispose();
        const { context: create } = await import("esbuild");
        context = await create({
          ...options(app),
          plugins: [memberTasks(membership, taskFiles, runtime, app.folder), functionCredentials, refuseNativeModules],
        });
        contextKey = wanted;
      }
      membership.entry = entry;
      membership.members = new Set(fused.tasks);
      membership.folder = app.folder;
      membership.files = exportsByFile(app);
      const current = context;
      const cancel = () => void current.cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      let built: BuildResult<{ write: false; metafile: true }>;
      try {
        built = await current.rebuild();
      } catch (error) {
        signal?.throwIfAborted();
        throw isBuildFailure(error) ? new BundleError(diagnosticsOf(error.errors)) : error;
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
      const stamps = await stampFiles(app.folder, Object.keys(built.metafile.inputs));
      const result = packed(fused, built);
      last = { key, stamps, result };
      return result;
    },
    dispose,
  };
}

function options(app: DeployableApp) {
  return {
    absWorkingDir: app.folder,
    entryPoints: [ENTRY],
    outfile: join(app.folder, OUTPUT),
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: `node${/\d+/.exec(app.config.runtime)?.[0] ?? "24"}`,
    // ES modules first: they shake, CommonJS does not.
    mainFields: ["module", "main"],
    minify: true,
    // Tasks' errors are told apart by the names of their classes.
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    banner: { js: COMMONJS_GLOBALS },
    logLevel: "silent",
  } satisfies BuildOptions;
}

function packed(fused: ResolvedFunction, built: BuildResult<{ write: false }>): BundledFunction {
  const files: Record<string, Uint8Array> = {};
  for (const { path, contents } of built.outputFiles) files[path.endsWith(".map") ? `${OUTPUT}.map` : OUTPUT] = contents;
  const bytes = zip(files);
  return { root: fused.root, tasks: fused.tasks, files, zip: bytes, codeSha256: codeSha256(bytes) };
}

function exportsByFile(app: DeployableApp): Membership["files"] {
  const files: Membership["files"] = new Map();
  for (const { file, name, exportName } of app.graph.tasks) {
    const tasks = files.get(file) ?? [];
    tasks.push({ name, ...(exportName !== undefined && { exportName }) });
    files.set(file, tasks);
  }
  return files;
}

function isBuildFailure(error: unknown): error is { errors: import("esbuild").Message[] } {
  return typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors);
}
