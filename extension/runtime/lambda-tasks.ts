/** Plain Lambda handlers as tasks: what Lambda's Node runtime does around a handler, done for one that may be inlined. */
import type { TaskContext } from "./context.ts";
import { plainError, reportAsPlainHandlers } from "./errors.ts";
import { register } from "./registry.ts";

export { knownFunctions } from "./lambda-client/targets.ts";

type Callback = (error?: unknown, result?: unknown) => void;
type PlainHandler = (event: unknown, context: object, callback: Callback) => unknown;

/** Node of the first runtime that takes no callbacks any more, and where a plain value is the result. */
const WITHOUT_CALLBACKS = 24;

/**
 * Makes a handler known as a task. `path` leads from the module's namespace to the handler: `handler`, `api.get`.
 * @throws Error when the module does not export it, as the runtime does in INIT.
 */
export function lambdaTask(name: string, module: Record<string, unknown>, path: string): void {
  const handler = find(module, path) ?? find((module["default"] ?? {}) as Record<string, unknown>, path);
  if (typeof handler !== "function") {
    throw plainError({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: `${path} of task ${name} is undefined or not exported`,
    });
  }
  // What the function is declared for counts, also where a newer Node stands in for it.
  const node = Number(/\d+/.exec(process.env["AWS_EXECUTION_ENV"] ?? process.versions.node)?.[0]);
  if (node >= WITHOUT_CALLBACKS && handler.length >= 3) {
    throw plainError({
      errorType: "Runtime.CallbackHandlerDeprecated",
      errorMessage: `The handler of task ${name} takes a callback, which this runtime does not support: make it async, or use nodejs22.x.`,
    });
  }
  reportAsPlainHandlers(node < WITHOUT_CALLBACKS ? { unserializable: "Error" } : {});
  register(name, (event: unknown, context: TaskContext) =>
    run(handler as PlainHandler, event, context, node < WITHOUT_CALLBACKS),
  );
}

function find(module: Record<string, unknown>, path: string): unknown {
  let value: unknown = module;
  for (const step of path.split(".")) value = (value as Record<string, unknown> | undefined | null)?.[step];
  return value;
}

async function run(handler: PlainHandler, event: unknown, context: TaskContext, callbacks: boolean): Promise<unknown> {
  // The trace is for tasks that know of it; Lambda's own context has no such member.
  const { trace: _trace, ...own } = context;
  if (!callbacks) return await handler(event, own, () => {});
  const { xRayTraceId: _newer, ...older } = own;
  return await new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(error ?? "handled");
    const callback: Callback = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
    const answered = {
      ...older,
      callbackWaitsForEmptyEventLoop: true,
      done: callback,
      succeed: (result: unknown) => resolve(result),
      fail,
    };
    const result = handler(event, answered, callback);
    if (isThenable(result)) result.then(resolve, fail);
    // A plain value is no answer here. A handler that cannot call back has none at all: the runtime gives null.
    else if (handler.length < 3 && !usesContext(handler)) resolve(null);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Whether a handler may answer by `context.done` and the like, as far as its text tells. */
function usesContext(handler: PlainHandler): boolean {
  return handler.length >= 2 || /\barguments\b|\.\.\./.test(Function.prototype.toString.call(handler));
}
