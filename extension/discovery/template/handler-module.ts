/** Which source file holds a handler. */
import { plainPath, type DeclaredFunction } from "./declared.ts";

const EXTENSIONS = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"];
/** Folders that compilers write to; the sources lie in `src` or beside. */
const BUILT = /^(?:dist|build|out|lib|\.build)(?:\/|$)/;

/** `src/app.api.get` is the module `src/app` and the export `api.get`: Lambda splits at the first dot of the last part. */
export function splitHandler(handler: string): { module: string; path: string } {
  const slash = handler.lastIndexOf("/") + 1;
  const dot = handler.indexOf(".", slash);
  return dot < 0 ? { module: handler, path: "handler" } : { module: handler.slice(0, dot), path: handler.slice(dot + 1) };
}

/**
 * The handler's source file among `has`, relative to the app's folder. Sources come before what was built from them: esbuild's
 * entry points first, then the handler's own path, then the same path without the folder that a compiler writes to.
 */
export function handlerModule(
  { handler, codeUri, entryPoints }: DeclaredFunction,
  has: (file: string) => boolean,
): string | undefined {
  const { module } = splitHandler(handler);
  const name = module.slice(module.lastIndexOf("/") + 1);
  const inCode = (path: string): string => plainPath(`${codeUri}/${path}`);
  const entries = entryPoints.filter((path) => stem(path).endsWith(name));
  const stems = [
    ...entries.map((path) => inCode(stem(path))),
    inCode(module),
    ...(BUILT.test(module) ? [inCode(module.replace(BUILT, "src/")), inCode(module.replace(BUILT, ""))] : []),
    ...(BUILT.test(codeUri)
      ? [plainPath(`${codeUri.replace(BUILT, "src/")}/${module}`), plainPath(`${codeUri.replace(BUILT, "")}/${module}`)]
      : []),
    inCode(`src/${module}`),
  ];
  for (const one of stems) {
    const found = EXTENSIONS.map((extension) => one + extension).find(has);
    if (found !== undefined) return found;
  }
  return undefined;
}

const stem = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, "");
