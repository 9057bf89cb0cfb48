import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./errors.ts";

/** A function's handler in whatever of its shapes; `streaming` is "response" on one wrapped by `awslambda.streamifyResponse`. */
export type Handler = ((...args: unknown[]) => unknown) & { [streaming]?: unknown };
export const streaming: unique symbol = Symbol.for("aws.lambda.runtime.handler.streaming") as never;

/**
 * Loads `dir/file.export.path` from the task root, by the rules of the runtime client; up to Node 22 (`older`) it looks in the module itself only, not in its
 * default export. Throws RuntimeError, or what the module throws.
 */
export async function loadHandler(root: string, specification: string, older = false): Promise<Handler> {
  if (specification.includes(".."))
    throw new RuntimeError(
      "Runtime.MalformedHandlerName",
      `'${specification}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const slash = specification.lastIndexOf("/");
  const file = specification.slice(slash + 1);
  const dot = file.indexOf(".");
  if (dot <= 0 || dot === file.length - 1) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  const module = await loadModule(root, specification.slice(0, slash + 1) + file.slice(0, dot));
  const path = file.slice(dot + 1).split(".");
  const inner = (module as { default?: unknown }).default;
  // An imported CommonJS module is its default export; older clients required it.
  const found = follow(module, path) ?? (older && !isCommonJs(module) ? undefined : follow(inner, path));
  if (found === undefined) throw new RuntimeError("Runtime.HandlerNotFound", `${specification} is undefined or not exported`);
  if (typeof found !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${specification} is not a function`);
  return found as Handler;
}

const isCommonJs = (module: unknown): boolean => typeof module === "object" && module !== null && "module.exports" in module;

function follow(from: unknown, path: string[]): unknown {
  let value = from;
  for (const name of path) value = (value as Record<string, unknown> | undefined | null)?.[name];
  return value;
}

async function loadModule(root: string, name: string): Promise<unknown> {
  const base = resolve(root, name);
  try {
    for (const extension of ["", ".js", ".mjs", ".cjs"]) {
      if (existsSync(base + extension) && (extension !== "" || /\.[cm]?js$/.test(base)))
        return await import(pathToFileURL(base + extension).href);
    }
    const found = createRequire(join(root, "index.js")).resolve(existsSync(base) ? base : name);
    return await import(pathToFileURL(found).href);
  } catch (error) {
    throw translate(error, name);
  }
}

/** Names load failures as the runtime does; anything else is the module's own error. */
function translate(error: unknown, name: string): unknown {
  if (error instanceof SyntaxError) return renamed("Runtime.UserCodeSyntaxError", error);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
    const own = code === "MODULE_NOT_FOUND" && (error as Error).message.startsWith(`Cannot find module '${name}'`);
    return own
      ? renamed("Runtime.ImportModuleError", new Error(`Cannot find module '${name}'\nRequire stack:\n- /var/runtime/index.mjs`))
      : renamed("Runtime.ImportModuleError", error as Error);
  }
  return error;
}

function renamed(errorType: string, error: Error): RuntimeError {
  const result = new RuntimeError(errorType, String(error));
  if (error.stack !== undefined) result.stack = error.stack.replace(error.name, errorType);
  return result;
}
