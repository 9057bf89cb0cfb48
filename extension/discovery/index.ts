/** Finds the tasks of an app and their calls in its source text. Pure: reads no file, executes nothing. */
import type { CallGraph } from "../core/graph.ts";
import { lambdaGraph, type LambdaApp } from "./lambda/graph.ts";
import { link } from "./link.ts";
import { resolveImport } from "./resolve-import.ts";
import type { DiscoveryOptions } from "./resolve-import.ts";
import { summarise } from "./summarise.ts";
import type { Summary } from "./summary.ts";

export type { DiscoveryOptions } from "./resolve-import.ts";
export { stripTasks, taskDefinitions } from "./strip.ts";
export type { TaskDefinition } from "./strip.ts";
export { handlerModule, readDeclared, TEMPLATE_FILES } from "./template/index.ts";
export type { Declared, DeclaredFunction } from "./template/index.ts";
export type { LambdaApp } from "./lambda/graph.ts";

export interface SourceFile {
  /** Relative to the app's folder, with `/`. */
  file: string;
  text: string;
}

/** The call graph of an app that changes: only files that changed are parsed again. */
export interface Discovery {
  /** A file's new text; undefined when it is gone. */
  update(file: string, text: string | undefined): void;
  /** The files that it knows. */
  files(): string[];
  /** The graph of all files as they are now; the same object until something changes. */
  graph(): CallGraph;
  /** Of an existing Lambda application: files that the code of its functions is in and that have not been given yet. */
  missing(app: LambdaApp, modules: readonly string[]): string[];
  /** The graph of an existing Lambda application. */
  lambdaGraph(app: LambdaApp, modules: readonly string[]): CallGraph;
}

export function discover(files: Iterable<SourceFile>, options: DiscoveryOptions = {}): CallGraph {
  const discovery = createDiscovery(options);
  for (const { file, text } of files) discovery.update(file, text);
  return discovery.graph();
}

export function createDiscovery(options: DiscoveryOptions = {}): Discovery {
  const known = new Map<string, { text: string; summary?: Summary; withTexts?: Summary }>();
  let graph: CallGraph | undefined;
  const summaryOf = (file: string): Summary | undefined => {
    const source = known.get(file);
    return source && (source.summary ??= summarise(file, source.text));
  };
  const summaryWithTexts = (file: string): Summary | undefined => {
    const source = known.get(file);
    return source && (source.withTexts ??= summarise(file, source.text, { followsTexts: true }));
  };
  /** Files reached from modules by imports; those not given yet come last. */
  const reached = ({ has, options: own = {} }: LambdaApp, modules: readonly string[]): Set<string> => {
    const files = new Set(modules);
    // A set that grows while it is walked: the loop reaches what is added.
    for (const file of files) {
      for (const { specifier } of summaryWithTexts(file)?.imports ?? []) {
        const found = resolveImport(file, specifier, has, own);
        if (found !== undefined) files.add(found);
      }
    }
    return files;
  };
  return {
    update(path, text) {
      const file = path.replace(/^\.\//, "");
      if (known.get(file)?.text === text) return;
      graph = undefined;
      if (text === undefined) known.delete(file);
      else known.set(file, { text });
    },
    files: () => [...known.keys()],
    graph: () =>
      (graph ??= link(
        [...known.keys()].map((file) => summaryOf(file)!),
        options,
      )),
    missing: (app, modules) => [...reached(app, modules)].filter((file) => !known.has(file)),
    lambdaGraph: (app, modules) =>
      lambdaGraph(
        app,
        [...reached(app, modules)].flatMap((file) => {
          const summary = summaryWithTexts(file);
          return summary ? [{ summary, text: known.get(file)!.text }] : [];
        }),
      ),
  };
}
