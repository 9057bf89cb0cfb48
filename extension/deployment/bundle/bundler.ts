import { resolveFunction, resolveSetup } from "../../core/resolve.ts";
import { indexCalls } from "../../core/call-index.ts";
import type { DeployableApp } from "../types.ts";
import { pool } from "../pool.ts";
import { BundleError } from "./failures.ts";
import { entryModule } from "./entry.ts";
import { createFunctionBuild, type FunctionBuild } from "./function-build.ts";
import { runtimeFiles, type RuntimeFiles } from "./runtime-files.ts";
import type { BundledFunction, Bundler } from "./types.ts";
import type { LongWork } from "../../ports/work.ts";

/** Builds at once; esbuild itself uses all processors for each. */
const WIDTH = 4;

/** esbuild's process serves all bundlers of this program. */
let users = 0;

export function createBundler({ runtime = runtimeFiles() }: { runtime?: RuntimeFiles } = {}): Bundler {
  const builds = new Map<string, FunctionBuild>();
  let folder: string | undefined;
  let disposed = false;
  users++;

  const forget = async (keep: ReadonlySet<string>) => {
    const gone = [...builds].filter(([root]) => !keep.has(root));
    for (const [root] of gone) builds.delete(root);
    await Promise.all(gone.map(([, build]) => build.dispose()));
  };

  return {
    async bundle(app: DeployableApp, { signal, progress }: LongWork = {}): Promise<BundledFunction[]> {
      if (disposed) throw new Error("the bundler has been disposed of");
      if (folder !== app.folder) await forget(new Set());
      folder = app.folder;
      const functions = resolveSetup(app.graph, app.setup, app.config.constraints);
      await forget(new Set(functions.map(({ root }) => root)));
      const index = indexCalls(app.graph);
      const exclusive = new Set(app.config.constraints.exclusive);
      const callsOut = (root: string) => {
        const { resolved, remote } = resolveFunction(index, root, app.setup[root] ?? {});
        // A name that is known only at run time may mean any function.
        const dynamic = resolved.tasks.some((task) => index.tasks.get(task)?.lambda && index.tasks.get(task)?.escapes);
        return remote.size > 0 || dynamic || resolved.tasks.some((task) => exclusive.has(task));
      };
      let done = 0;
      const failures: BundleError[] = [];
      const bundled = await pool(functions, WIDTH, async (fused) => {
        signal?.throwIfAborted();
        let build = builds.get(fused.root);
        if (!build) builds.set(fused.root, (build = createFunctionBuild(runtime)));
        const entry = entryModule(fused, app.graph, app.config, callsOut(fused.root));
        try {
          const result = await build.run({ app, fused, entry, ...(signal && { signal }) });
          progress?.(`Bundled ${fused.root}`, ++done / functions.length);
          return result;
        } catch (error) {
          // All faults are told at once, each place once, however many functions hold the module.
          if (!(error instanceof BundleError)) throw error;
          failures.push(error);
          return undefined;
        }
      });
      if (failures.length > 0) throw merged(failures);
      return bundled.filter((one) => one !== undefined);
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await forget(new Set());
      if (--users === 0) await (await import("esbuild")).stop();
    },
  };
}

/** Bundles an app once. */
export async function bundle(app: DeployableApp, work: LongWork = {}): Promise<BundledFunction[]> {
  const bundler = createBundler();
  try {
    return await bundler.bundle(app, work);
  } finally {
    await bundler.dispose();
  }
}

function merged(failures: readonly BundleError[]): BundleError {
  const places = new Map<string, BundleError["diagnostics"][number]>();
  for (const { diagnostics } of failures) {
    for (const found of diagnostics) places.set(`${found.file}:${found.line}:${found.column} ${found.message}`, found);
  }
  return new BundleError([...places.values()]);
}
