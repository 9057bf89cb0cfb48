/** The `fusionize` library: how tasks are written and called. */
import { callAsync, callSync } from "./call.ts";
import { isLambdaContext } from "./context.ts";
import { register, type TaskHandler } from "./registry.ts";
import { currentRun } from "./run.ts";
import { runStandalone } from "./standalone.ts";
import type { Json } from "./values.ts";

export type { LambdaContext, TaskContext, TaskTrace } from "./context.ts";
export type { TaskHandler } from "./registry.ts";
export type { Json } from "./values.ts";

/**
 * A task: call it from another task, deploy it as a Lambda handler, or call it in a unit test.
 * Input and result cross as JSON values wherever it runs; the result's type says so (`Date` comes out as `string`).
 */
export interface Task<Input, Output> {
  /**
   * Synchronous call: waits for the result.
   * @param context only as a Lambda handler, outside of any task; ignored otherwise, so that `readings.map(check)` works.
   * @throws Error with the name and message of what the task threw: no subclass, `code` or `cause`.
   */
  (input: Input, context?: unknown): Promise<Json<Output>>;
  /** Asynchronous call: waits only until the event is accepted. The task runs at least once. */
  async(input: Input): Promise<void>;
  readonly taskName: string;
}

/**
 * Defines a task.
 * @param name a literal, unique in the app: letters, digits, `_` and `-`.
 * @param handler the task's code. Without it the task is known by name only and runs in another function.
 */
export function task<Input = void, Output = unknown>(name: string, handler?: TaskHandler<Input, Output>): Task<Input, Output> {
  register(name, handler);
  const call = async (input: Input, context?: unknown): Promise<unknown> => {
    const caller = currentRun.getStore();
    if (caller) return await callSync(caller, name, input);
    return await runStandalone(name, input, isLambdaContext(context) ? context : undefined);
  };
  const async = async (input: Input): Promise<void> => {
    const caller = currentRun.getStore();
    if (caller) await callAsync(caller, name, input);
    else await runStandalone(name, input, undefined);
  };
  return Object.assign(call, { async, taskName: name }) as Task<Input, Output>;
}
