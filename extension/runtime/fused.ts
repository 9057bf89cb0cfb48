/** The function as the fusion setup made it: which calls stay inside, which leave. */
import type { CallKind } from "../core/graph.ts";
import { mayWait } from "./exclusive.ts";
import type { FunctionIdentity, Host } from "./host.ts";
import type { Invocation } from "./invocation.ts";
import { handlerOf } from "./registry.ts";
import { LambdaRemote } from "./remote.ts";
import type { Run } from "./run.ts";
import { siblingsOf, type Siblings } from "./siblings.ts";

export interface FusionOptions {
  /** The task that the function is invoked for. */
  root: string;
  /** Id of the setup, for the records. */
  setup: string;
  /** Tasks whose synchronous calls run inside this function, whichever of its tasks makes the call. */
  inline: readonly string[];
  /** The same for asynchronous calls. */
  inlineAsync: readonly string[];
  /** Tasks whose asynchronous calls may be inlined even where the platform would not repeat a lost one. */
  lossTolerated?: readonly string[];
  /** Tasks whose asynchronous calls never run inline: they have a destination, a DLQ or other retries of their own. */
  remoteOnly?: readonly string[];
  /** Tasks that never run twice at once in one process. */
  exclusive?: readonly string[];
  /** Seconds that a run may take, for all tasks or by task. Absent = as long as this function itself may run. */
  timeouts?: number | Readonly<Record<string, number>>;
  /** Whether calls leave this function: the client is then made ready in INIT. Absent = when other tasks are known here. */
  remote?: boolean;
}

export class FusedHost implements Host {
  readonly root: string;
  readonly setup: string;
  readonly exclusive: ReadonlySet<string>;
  readonly remote: LambdaRemote;
  readonly #inline: ReadonlySet<string>;
  readonly #inlineAsync: ReadonlySet<string>;
  readonly #lossTolerated: ReadonlySet<string>;
  readonly #timeouts: number | Readonly<Record<string, number>>;
  readonly #siblings = new Map<string, Siblings>();
  #ownTimeout = 0;

  constructor(options: FusionOptions) {
    const remoteOnly = new Set(options.remoteOnly);
    this.root = options.root;
    this.setup = options.setup;
    this.exclusive = new Set(options.exclusive);
    this.#inline = new Set(options.inline);
    this.#inlineAsync = new Set(options.inlineAsync.filter((task) => !remoteOnly.has(task)));
    this.#lossTolerated = new Set(options.lossTolerated);
    this.#timeouts = options.timeouts ?? {};
    this.remote = new LambdaRemote((invocation) => this.#siblingsOf(invocation));
  }

  place(task: string, kind: CallKind, caller: Run): "inline" | "remote" {
    const allowed = kind === "sync" ? this.#inline.has(task) : this.#inlineAsync.has(task) && this.#mayRunLater(task, caller);
    if (!allowed || !handlerOf(task)) return "remote";
    return this.exclusive.has(task) && !mayWait(task, caller) ? "remote" : "inline";
  }

  /**
   * An event may stay in this process if the platform would repeat this invocation should the process die, or if the
   * task may get lost. A task that calls itself in the end leaves: nothing would bound the invocation's length.
   */
  #mayRunLater(task: string, caller: Run): boolean {
    if (caller.invocation.invoked !== "async" && !this.#lossTolerated.has(task)) return false;
    for (let run: Run | undefined = caller; run; run = run.parent) if (run.task === task) return false;
    return true;
  }

  timeoutOf(task: string, invocation: Invocation): number {
    const seconds = typeof this.#timeouts === "number" ? this.#timeouts : this.#timeouts[task];
    if (seconds !== undefined) return seconds * 1000;
    // A little of the time has passed when the handler is entered, and timeouts are whole seconds.
    this.#ownTimeout = Math.max(this.#ownTimeout, Math.ceil((invocation.deadline - invocation.began) / 1000) * 1000);
    return this.#ownTimeout;
  }

  identityOf(task: string, invocation: Invocation): FunctionIdentity {
    return this.#siblingsOf(invocation).identity(task);
  }

  /** The qualifier can differ from one invocation to the next. */
  #siblingsOf({ context }: Invocation): Siblings {
    let siblings = this.#siblings.get(context.invokedFunctionArn);
    if (!siblings) {
      siblings = siblingsOf(this.root, context, process.env);
      this.#siblings.set(context.invokedFunctionArn, siblings);
    }
    return siblings;
  }
}
