/** Reads an existing Lambda application: its template, and the sources that the handlers reach. */
import { glob, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parse as parseJsonc } from "jsonc-parser";
import type { CallGraph } from "../core/graph.ts";
import type { AppConfig } from "../core/setup.ts";
import { handlerModule, readDeclared, TEMPLATE_FILES, type Discovery, type LambdaApp } from "../discovery/index.ts";

type Read = (path: string) => Promise<string | undefined>;

/** Folders with what was built or installed, not written. */
const NOT_SOURCE = new Set(["node_modules", ".git", ".aws-sam", ".serverless", ".fusionize", "coverage", "cdk.out"]);

/** The template that an app without `tasks` and `template` of its own is declared by, relative to the folder. */
export async function findTemplate(folder: string, read: Read): Promise<string | undefined> {
  for (const file of TEMPLATE_FILES) if ((await read(join(folder, file))) !== undefined) return file;
  const synthesised: string[] = [];
  for await (const path of glob("cdk.out/*.template.json", { cwd: folder })) synthesised.push(path.split(sep).join("/"));
  return synthesised.sort()[0];
}

/**
 * The app's graph, and its settings with what follows from the template: runtime, the longest timeout, and which tasks
 * cannot share a function. Never throws for faults of the user's files.
 */
export async function loadTemplate(
  folder: string,
  template: string,
  config: AppConfig,
  read: Read,
  discovery: Discovery,
): Promise<{ graph: CallGraph; config: AppConfig }> {
  const text = await read(join(folder, template));
  if (text === undefined) {
    const place = { file: "fusionize.json", line: 1, column: 1, endLine: 1, endColumn: 1 };
    const message = `The template ${template} cannot be read: correct “template”.`;
    const diagnostics = [{ ...place, severity: "error" as const, code: "template-missing", message }];
    return { graph: { tasks: [], calls: [], diagnostics }, config };
  }
  const declared = readDeclared(template, text);
  const files = await sourcesOf(folder, template.startsWith("cdk.out/"));
  const has = (file: string): boolean => files.has(file);
  const modules = declared.functions.flatMap((one) => handlerModule(one, has) ?? []);
  const app: LambdaApp = {
    declared,
    has,
    options: { scopes: await tsconfigs(folder, modules, read) },
    environment: { ...config.environment },
  };
  // What is known is read again: it may have changed.
  for (const file of discovery.files()) discovery.update(file, files.has(file) ? await read(join(folder, file)) : undefined);
  for (let missing = discovery.missing(app, modules); missing.length > 0; missing = discovery.missing(app, modules)) {
    for (const file of missing) discovery.update(file, (await read(join(folder, file))) ?? "");
  }
  const graph = discovery.lambdaGraph(app, modules);
  const lambdas = graph.tasks.flatMap(({ lambda }) => lambda ?? []);
  const apart = (graph.apart ?? []).map(({ tasks }) => [...tasks]);
  return {
    graph,
    config: {
      ...config,
      template,
      tasks: [],
      runtime: lambdas.map(({ runtime }) => runtime).sort()[0] ?? config.runtime,
      timeout: Math.max(0, ...lambdas.map(({ timeout }) => timeout)) || config.timeout,
      constraints: { ...config.constraints, ...(apart.length > 0 && { apart: [...(config.constraints.apart ?? []), ...apart] }) },
    },
  };
}

async function sourcesOf(folder: string, synthesised: boolean): Promise<Set<string>> {
  const files = new Set<string>();
  const exclude = (path: string): boolean => NOT_SOURCE.has(path.split(/[\\/]/).at(-1)!) && !(synthesised && path === "cdk.out");
  for await (const path of glob("**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}", { cwd: folder, exclude })) {
    if (!/\.d\.[cm]?ts$/.test(path)) files.add(path.split(sep).join("/"));
  }
  return files;
}

/** `paths` of every `tsconfig.json` between the handlers and the app's folder, with what they extend. */
async function tsconfigs(
  folder: string,
  modules: readonly string[],
  read: Read,
): Promise<NonNullable<LambdaApp["options"]>["scopes"]> {
  const folders = new Set<string>([""]);
  for (const module of modules) {
    const parts = module.split("/").slice(0, -1);
    for (let i = 1; i <= parts.length; i++) folders.add(parts.slice(0, i).join("/"));
  }
  const scopes: { folder: string; baseUrl?: string; paths?: Record<string, string[]> }[] = [];
  for (const one of folders) {
    const options = await compilerOptions(join(folder, one, "tsconfig.json"), read, 0);
    if (options) {
      const base = relative(folder, options.baseUrl ?? options.pathsFolder ?? join(folder, one));
      scopes.push({ folder: one, baseUrl: base.split(sep).join("/"), ...(options.paths && { paths: options.paths }) });
    }
  }
  return scopes;
}

interface CompilerOptions {
  /** Absolute. */
  baseUrl?: string;
  pathsFolder?: string;
  paths?: Record<string, string[]>;
}

async function compilerOptions(file: string, read: Read, depth: number): Promise<CompilerOptions | undefined> {
  const text = await read(file);
  if (text === undefined || depth > 10) return undefined;
  const parsed = parseJsonc(text, [], { allowTrailingComma: true }) as
    | { extends?: unknown; compilerOptions?: { baseUrl?: unknown; paths?: unknown } }
    | undefined;
  const parent = typeof parsed?.extends === "string" && parsed.extends.startsWith(".") ? parsed.extends : undefined;
  const inherited =
    parent === undefined
      ? undefined
      : await compilerOptions(resolve(dirname(file), parent.endsWith(".json") ? parent : `${parent}.json`), read, depth + 1);
  const { baseUrl, paths } = parsed?.compilerOptions ?? {};
  return {
    ...inherited,
    ...(typeof baseUrl === "string" && { baseUrl: resolve(dirname(file), baseUrl) }),
    ...(isPaths(paths) && { paths, pathsFolder: dirname(file) }),
  };
}

function isPaths(value: unknown): value is Record<string, string[]> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((targets) => Array.isArray(targets) && targets.every((target) => typeof target === "string"))
  );
}

export const readFrom =
  (overlay?: (file: string) => string | undefined): Read =>
  async (path) =>
    overlay?.(path) ?? (await readFile(path, "utf8").catch(() => undefined));
