import type { Loader, Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, relative, sep } from "node:path";
import { stripTasks, taskDefinitions } from "../../discovery/index.ts";
import { CLIENT_FILE, sdkFolder } from "./client.ts";
import type { RuntimeFiles } from "./runtime-files.ts";

/** Entry point of every function's build. */
export const ENTRY = "fusionize:entry";

/** What the plugin needs to know of the function; changes from build to build. */
export interface Membership {
  /** Text of the generated entry module. */
  entry: string;
  folder: string;
  /** Tasks whose code belongs into this function. */
  members: ReadonlySet<string>;
  /** Whether the Lambda client is bundled with the function, instead of being the module that all functions share. */
  ownClient: boolean;
  /** Source file, relative to the folder -> tasks defined in it. */
  files: Map<string, { name: string; exportName?: string }[]>;
}

/** Marks the import of a whole module of non-members from the names-only module that stands for it. */
const WHOLE = "?fusionize-whole";

/**
 * Gives a function only the code of its own tasks. A module that defines tasks of which none is a member is replaced by
 * its tasks' names; what else it exports is taken from the module itself, stripped, and only where it is used. A module
 * with members and others is stripped of the others' handlers.
 */
export function memberTasks(membership: Membership, taskFiles: readonly string[], runtime: RuntimeFiles, folder: string): Plugin {
  return {
    name: "member-tasks",
    setup(build) {
      build.onResolve({ filter: /^fusionize:entry$/ }, () => ({ path: "entry", namespace: "fusionize" }));
      build.onLoad({ filter: /^entry$/, namespace: "fusionize" }, () => ({
        contents: membership.entry,
        resolveDir: membership.folder,
        loader: "js",
      }));
      build.onResolve({ filter: /^fusionize(?:\/handler)?$/ }, ({ path }) => ({
        path: path === "fusionize" ? runtime.library : runtime.handler,
      }));
      build.onResolve({ filter: /^\.\/lambda\.(?:ts|mjs)$/ }, ({ kind, resolveDir }) => {
        if (kind !== "dynamic-import" || resolveDir !== dirname(runtime.handler) || membership.ownClient) return undefined;
        return { path: `./${CLIENT_FILE}`, external: true };
      });
      build.onResolve({ filter: /^@aws-sdk\/client-lambda$/ }, ({ path, importer, kind, pluginData }) => {
        const from = sdkFolder(runtime, folder);
        if (importer !== runtime.client || from === undefined || pluginData === WHOLE) return undefined;
        return build.resolve(path, { kind, resolveDir: from, pluginData: WHOLE });
      });
      build.onResolve({ filter: /\?fusionize-whole$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice(0, -WHOLE.length)),
        suffix: WHOLE,
        sideEffects: false,
      }));
      if (taskFiles.length === 0) return;
      build.onLoad(
        { filter: matching(taskFiles.map((file) => join(folder, file))), namespace: "file" },
        async ({ path, suffix }) => {
          const tasks = membership.files.get(relative(membership.folder, path).split(sep).join("/")) ?? [];
          const others = tasks.filter(({ name }) => !membership.members.has(name));
          const loader = loaderOf(path);
          if (others.length === tasks.length && suffix !== WHOLE && others.every(({ exportName }) => exportName !== "default")) {
            return { contents: namesOnly(path, others), loader: "js" };
          }
          const source = await readFile(path, "utf8");
          return { contents: others.length === 0 ? source : membersOnly(path, source, membership.members), loader };
        },
      );
    },
  };
}

/** The module without the code of other tasks; their names go as well where nobody uses them. */
function membersOnly(path: string, source: string, members: ReadonlySet<string>): string {
  let text = stripTasks(path, source, members);
  for (const { name, start } of taskDefinitions(path, source).toReversed()) {
    if (name !== undefined && !members.has(name)) text = `${text.slice(0, start)}/* @__PURE__ */ ${text.slice(start)}`;
  }
  return text;
}

function namesOnly(path: string, tasks: readonly { name: string; exportName?: string }[]): string {
  const file = path.slice(path.lastIndexOf(sep) + 1);
  const names = tasks
    .filter(({ exportName }) => exportName !== undefined)
    .map(({ name, exportName }) => `export const ${exportName} = /* @__PURE__ */ task(${JSON.stringify(name)});`);
  return [`import { task } from "fusionize";`, ...names, `export * from ${JSON.stringify(`./${file}${WHOLE}`)};`, ""].join("\n");
}

function matching(paths: readonly string[]): RegExp {
  return new RegExp(`^(?:${paths.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})$`);
}

function loaderOf(path: string): Loader {
  const loaders: Record<string, Loader> = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".jsx": "jsx" };
  return loaders[extname(path)] ?? "js";
}
