import type { BuildContext, BuildResult } from "esbuild";
import { basename, dirname, resolve, sep } from "node:path";
import type { ResolvedFunction } from "../../core/setup.ts";
import type { DeployableApp } from "../types.ts";
import { codeSha256, zip } from "../zip.ts";
import { CLIENT_FILE, lambdaClient, sdkFolder } from "./client.ts";
import { functionCredentials } from "./credentials.ts";
import { BundleError, diagnosticsOf } from "./failures.ts";
import { refuseNativeModules } from "./native.ts";
import { CODE_OPTIONS, targetOf } from "./options.ts";
import { packageFiles } from "./package-files.ts";
import { isExisting, substituteClient } from "./lambda-plugin.ts";
import type { RuntimeFiles } from "./runtime-files.ts";
import { sameStamps, stampFiles, type Stamps } from "./stamps.ts";
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

type Built = BuildResult<{ write: false; metafile: true }>;

export function createFunctionBuild(runtime: RuntimeFiles): FunctionBuild {
  const membership: Membership = {
    entry: "",
    members: new Set(),
    files: new Map(),
    folder: "",
    ownClient: false,
  };
  let context: BuildContext<{ write: false; metafile: true }> | undefined;
  let contextKey = "";
  let last: { key: string; stamps: Stamps; result: BundledFunction } | undefined;

  const rebuild = async (app: DeployableApp, signal: AbortSignal | undefined): Promise<Built> => {
    const taskFiles = [...membership.files.keys()].sort();
    const wanted = JSON.stringify([app.folder, app.config.runtime, taskFiles, membership.ownClient, isExisting(app)]);
    if (!context || contextKey !== wanted) {
      await context?.dispose();
      const { context: create } = await import("esbuild");
      context = await create({
        ...CODE_OPTIONS,
        absWorkingDir: app.folder,
        entryPoints: { function: ENTRY },
        outdir: app.folder,
        outExtension: { ".js": ".mjs" },
        chunkNames: "[name]-[hash]",
        splitting: membership.ownClient,
        target: targetOf(app.config.runtime),
        metafile: true,
        sourcemap: "linked",
        sourcesContent: false,
        plugins: [
          memberTasks(membership, taskFiles, runtime, app.folder),
          ...(isExisting(app) ? [substituteClient(runtime, app.folder)] : []),
          functionCredentials,
          refuseNativeModules,
        ],
      });
      contextKey = wanted;
    }
    const current = context;
    const cancel = () => void current.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await current.rebuild();
    } catch (error) {
      signal?.throwIfAborted();
      throw isBuildFailure(error) ? new BundleError(diagnosticsOf(error.errors)) : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  };

  return {
    async run({ app, fused, entry, signal }) {
      membership.files = tasksByFile(app);
      const key = JSON.stringify([app.folder, app.config.runtime, entry, fused.tasks, [...membership.files]]);
      if (last?.key === key && (await sameStamps(last.stamps))) return last.result;
      last = undefined;
      membership.entry = entry;
      membership.members = new Set(fused.tasks);
      membership.folder = app.folder;
      let built = await rebuild(app, signal);
      const callsOut = entry.includes(`"remote":true`) || mentionsOthers(built, membership);
      // A task that uses the SDK itself shares its modules with the client: two copies would take twice as long to load.
      const ownClient =
        callsOut &&
        sdkFolder(runtime, app.folder) !== undefined &&
        usesSdk(built, basename(dirname(runtime.client)) + "/" + basename(runtime.client));
      if (ownClient !== membership.ownClient) {
        membership.ownClient = ownClient;
        built = await rebuild(app, signal);
      }
      const stamps = await stampFiles(app.folder, Object.keys(built.metafile.inputs));
      const files = packageFiles(built.outputFiles, isOwn(app.folder, runtime));
      if (callsOut && !ownClient) files[CLIENT_FILE] = await lambdaClient(runtime, targetOf(app.config.runtime));
      const bytes = zip(files);
      const result = { root: fused.root, tasks: fused.tasks, files, zip: bytes, codeSha256: codeSha256(bytes) };
      last = { key, stamps, result };
      return result;
    },
    async dispose() {
      const old = context;
      context = undefined;
      last = undefined;
      await old?.dispose();
    },
  };
}

/** True when the function's own code brings parts of the AWS SDK along; what only the client imports does not count. */
function usesSdk({ metafile }: Built, client: string): boolean {
  const { inputs } = metafile;
  const reached = new Set(Object.keys(inputs).filter((input) => input.startsWith("fusionize:")));
  for (const input of reached) {
    if (/node_modules\/@(?:aws-sdk|smithy)\//.test(input)) return true;
    for (const { path, external } of inputs[input]?.imports ?? []) if (!external && !path.endsWith(client)) reached.add(path);
  }
  return false;
}

/** True when the code names tasks that are not members: it may call them in ways that the call graph does not show. */
function mentionsOthers({ outputFiles }: Built, { files, members }: Membership): boolean {
  const others = [...files.values()].flat().filter(({ name }) => !members.has(name));
  return outputFiles.some(
    ({ path, text }) => path.endsWith("function.mjs") && others.some(({ name }) => text.includes(`("${name}")`)),
  );
}

/** Sources of the app itself, or of packages of the same repository. */
function isOwn(folder: string, { handler }: RuntimeFiles): (source: string) => boolean {
  const ours = handler.endsWith(".ts") ? dirname(dirname(handler)) : dirname(handler);
  return (source) => {
    const path = resolve(folder, source);
    return !/^[\w-]+:/.test(source) && !path.split(sep).includes("node_modules") && !path.startsWith(ours + sep);
  };
}

function tasksByFile(app: DeployableApp): Membership["files"] {
  const files: Membership["files"] = new Map();
  for (const { file, name, exportName, lambda } of app.graph.tasks) {
    // Nothing of a plain handler's module is left out.
    if (lambda) continue;
    const tasks = files.get(file) ?? [];
    tasks.push({ name, ...(exportName !== undefined && { exportName }) });
    files.set(file, tasks);
  }
  return files;
}

function isBuildFailure(error: unknown): error is { errors: import("esbuild").Message[] } {
  return typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors);
}
