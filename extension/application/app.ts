/** Reads an app from its folder: `fusionize.json` and the sources it names. Never throws for faults of the user's files. */
import { glob, readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { locateFindings, parseConfig } from "../core/config.ts";
import { UserError } from "../core/errors.ts";
import type { CallGraph, Diagnostic } from "../core/graph.ts";
import { checkSetup, resolveSetup } from "../core/resolve.ts";
import { setupId } from "../core/setup-id.ts";
import { pool } from "../deployment/pool.ts";
import { createDiscovery } from "../discovery/index.ts";
import { findTemplate, loadTemplate, readFrom } from "./template.ts";
import type { App } from "./types.ts";

export const SETUP_FILE = "fusionize.json";

export interface LoadOptions {
  /** Text of a file that the user edits and has not saved; absolute path. */
  overlay?: (file: string) => string | undefined;
  /** Discovery of an earlier load of the same app: only changed files are parsed again. */
  discovery?: ReturnType<typeof createDiscovery>;
  /** Absolute paths of the only files that changed since the last load with this discovery; no other source is looked at. */
  edited?: ReadonlySet<string>;
}

/** Source files read at once. */
const READ_WIDTH = 32;

async function text(path: string, overlay?: LoadOptions["overlay"]): Promise<string | undefined> {
  const edited = overlay?.(path);
  if (edited !== undefined) return edited;
  return readFile(path, "utf8").catch(() => undefined);
}

/** Source files of the app, relative to its folder with `/`, sorted. Declarations and installed packages are not source. */
export async function sourceFiles(folder: string, globs: string[]): Promise<string[]> {
  const found = new Set<string>();
  const exclude = (path: string): boolean => path === "node_modules" || path === ".git" || path === ".fusionize";
  for (const pattern of globs) {
    for await (const path of glob(pattern, { cwd: folder, exclude })) {
      const inside = relative(folder, resolve(folder, path));
      if (inside.startsWith("..") || inside.split(sep).includes("node_modules") || inside.endsWith(".d.ts")) continue;
      found.add(inside.split(sep).join("/"));
    }
  }
  return [...found].sort();
}

/**
 * @throws UserError `no-folder` when the folder does not exist.
 */
export async function loadApp(folder: string, options: LoadOptions = {}): Promise<App> {
  const root = resolve(folder);
  const { overlay, discovery = createDiscovery(), edited } = options;
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new UserError(
      "no-folder",
      `${folder} is not a folder.`,
      "Name the folder of an app: the one that holds fusionize.json.",
    );
  }
  const setupFile = join(root, SETUP_FILE);
  const setupText = await text(setupFile, overlay);
  const parsed = parseConfig(setupText ?? "{}", basename(root));
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  let config = parsed.config;
  let graph: CallGraph = { tasks: [], calls: [], diagnostics: [] };
  if (config?.template === undefined) {
    const before = discovery.files();
    // With other rules other files may be sources.
    const partly = edited && !edited.has(setupFile) && before.length > 0;
    const files = partly
      ? before.filter((file) => edited.has(join(root, file)))
      : await sourceFiles(root, config?.tasks ?? ["src/**/*.ts"]);
    const known = new Set(files);
    if (!partly) for (const file of before) if (!known.has(file)) discovery.update(file, undefined);
    await pool(files, READ_WIDTH, async (file) => discovery.update(file, await text(join(root, file), overlay)));
    graph = discovery.graph();
  }
  const read = readFrom(overlay);
  // An app that nobody has set up yet may be an existing one.
  const template = config?.template ?? (graph.tasks.length === 0 ? await findTemplate(root, read) : undefined);
  if (config && template !== undefined) ({ graph, config } = await loadTemplate(root, template, config, read, discovery));
  diagnostics.push(...graph.diagnostics);
  const setup = config?.functions ?? {};
  if (config && setupText !== undefined) {
    diagnostics.push(...locateFindings(setupText, checkSetup(graph, setup, config.constraints)));
  }
  if (graph.tasks.length === 0 && template === undefined) diagnostics.push(noTasks(config?.tasks ?? []));
  const functions = resolveSetup(graph, setup, config?.constraints);
  return { folder: root, setupFile, config, graph, setup, setupId: setupId(setup), functions, diagnostics };
}

function noTasks(globs: string[]): Diagnostic {
  const message = `No task definitions were found in ${globs.join(", ")}. Write \`export const hello = task("hello", async (input) => …)\`, or correct “tasks”.`;
  return { file: SETUP_FILE, line: 1, column: 1, endLine: 1, endColumn: 1, severity: "warning", code: "no-tasks", message };
}

/** The app's errors as one, for work that cannot go on with them. */
export function assertUsable(app: App): asserts app is App & { config: NonNullable<App["config"]> } {
  const errors = app.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const first = errors[0];
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    throw new UserError("app-errors", `${first.file}:${first.line}:${first.column} ${first.message}${more}`);
  }
  if (!app.config) throw new UserError("app-errors", `${SETUP_FILE} cannot be used.`);
  if (app.graph.tasks.length === 0) throw new UserError("no-tasks", noTasks(app.config.tasks).message);
}
