/** What a running task needs to know of the function it runs in. */
import type { CallKind } from "../core/graph.ts";
import { handlerOf } from "./registry.ts";
import type { Invocation } from "./invocation.ts";
import type { Run } from "./run.ts";
import type { CallContext } from "./trace.ts";
import { plainError } from "./errors.ts";

/** Where the functions of the app's other tasks are. */
export interface Remote {
  /** Invokes the task's function and waits: JSON text of its result. @throws the error as a caller is told it. */
  call(invocation: Invocation, task: string, input: string, context: CallContext): Promise<string>;
  /** Invokes the task's function with an event; resolves when it was accepted. */
  send(invocation: Invocation, task: string, input: string, context: CallContext): Promise<void>;
}

/** The function of a task, as far as its context shows it. */
export interface FunctionIdentity {
  functionName: string;
  invokedFunctionArn: string;
  logGroupName: string;
}

export interface Host {
  /** The task that the function is invoked for. */
  readonly root: string;
  /** Id of the setup. */
  readonly setup: string;
  /** Tasks that may not run twice at once in one process. */
  readonly exclusive: ReadonlySet<string>;
  /** Absent where there are no functions but this one. */
  readonly remote: Remote | undefined;
  place(task: string, kind: CallKind, caller: Run): "inline" | "remote";
  /** ms that a run of the task may take. */
  timeoutOf(task: string, invocation: Invocation): number;
  identityOf(task: string, invocation: Invocation): FunctionIdentity;
}

/**
 * A process without fusion configuration: a unit test, or a Lambda function that another tool deployed.
 * Every call runs inline, and nobody records it.
 */
export const standalone = (root: string): Host => ({
  root,
  setup: "",
  exclusive: new Set(),
  remote: undefined,
  place(task) {
    if (handlerOf(task)) return "inline";
    throw plainError({
      errorType: "TaskWithoutCode",
      errorMessage: `Task "${task}" is only a name here: import the module that defines it, or deploy the app with Fusionize.`,
    });
  },
  timeoutOf: (_task, invocation) => invocation.deadline - invocation.began,
  identityOf: (_task, { context }) => context,
});
