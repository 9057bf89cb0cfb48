/** The local run of one app: started, redeployed after each saved edit, stopped; one operation at a time. */
import * as vscode from "vscode";
import type { App, InstanceView, LocalRun } from "../../application/types.ts";
import { UserError } from "../../core/errors.ts";
import type { LongWork } from "../../ports/work.ts";
import { running } from "../backend.ts";
import { isCancelled, showError } from "../errors.ts";
import { setting } from "../ids.ts";
import { log, logLine } from "../log.ts";
import { withProgress } from "../progress.ts";
import type { ServiceConsent } from "./serviceConsent.ts";
import type { AppSession, Change } from "./session.ts";

export type RunState = "stopped" | "starting" | "running" | "stopping";

/** ms between two looks at the instances while the app runs. */
const instancesEvery = { idle: 2000, busy: 500, debug: 100 };

/** Seconds: Lambda's most. Under a debugger a call inside the process has no other limit. */
const debugTimeout = 900;

export interface StartOptions {
  /** Every instance waits for a debugger. */
  debug?: boolean;
}

export class LocalRunState {
  readonly #session: AppSession;
  readonly #consent: ServiceConsent;
  readonly #changed: (change: Change) => void;
  #state: RunState = "stopped";
  #message: string | undefined;
  #run: LocalRun | undefined;
  #starting: Promise<LocalRun> | undefined;
  #abort: AbortController | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #instances: Record<string, InstanceView[]> = {};
  #poll: NodeJS.Timeout | undefined;
  #busy = 0;
  #debug = false;

  constructor(session: AppSession, consent: ServiceConsent, changed: (change: Change) => void) {
    this.#session = session;
    this.#consent = consent;
    this.#changed = changed;
  }

  get state(): RunState {
    return this.#state;
  }

  /** What is going on, or what is wrong with the run. */
  get message(): string | undefined {
    return this.#message;
  }

  get running(): LocalRun | undefined {
    return this.#state === "running" ? this.#run : undefined;
  }

  /** True while the instances run under a debugger. */
  get debugging(): boolean {
    return this.#debug && this.#state !== "stopped";
  }

  /** Function root -> its instances, as last seen. */
  get instances(): Readonly<Record<string, InstanceView[]>> {
    return this.#instances;
  }

  /** True while a workload or a deploy is under way. */
  get busy(): boolean {
    return this.#busy > 0;
  }

  #set(state: RunState, message?: string): void {
    this.#state = state;
    this.#message = message;
    this.#changed("state");
  }

  /** The run, started when there is none. @throws UserError where the app or the workspace cannot run. */
  start(options: StartOptions = {}): Promise<LocalRun> {
    if (this.#run && this.#state === "running") return Promise.resolve(this.#run);
    return (this.#starting ??= this.#start(options).finally(() => (this.#starting = undefined)));
  }

  async #start({ debug = false }: StartOptions): Promise<LocalRun> {
    if (!vscode.workspace.isTrusted) {
      throw new UserError(
        "untrusted",
        vscode.l10n.t("Running locally executes code of this workspace, which is not trusted."),
        vscode.l10n.t("Trust it if you know where it comes from."),
      );
    }
    await this.#consent.ask(await this.#session.onDisk());
    // A stop that is still under way ends first.
    await this.#queue.catch(() => {});
    const abort = (this.#abort = new AbortController());
    this.#debug = debug;
    this.#set("starting");
    let run: LocalRun | undefined;
    try {
      const title = vscode.l10n.t("Running {0} locally", this.#session.name);
      return await withProgress({ title }, async ({ signal, progress }) => {
        const either = AbortSignal.any([signal, abort.signal]);
        const { startLocal } = await running();
        const app = await this.#session.onDisk();
        run = await startLocal(app, { ...this.#options(app), signal: either, progress, log: logLine });
        void run.exited.then((exit) => this.#ended(run as LocalRun, exit));
        progress(vscode.l10n.t("Deploying"));
        await run.deploy(this.#deployable(app), { signal: either, progress });
        this.#run = run;
        this.#session.requests.follow(run);
        this.#set("running");
        this.#look();
        return run;
      });
    } catch (error) {
      await run?.stop().catch(showError);
      this.#run = undefined;
      this.#set("stopped");
      throw error;
    } finally {
      if (this.#abort === abort) this.#abort = undefined;
    }
  }

  #deployable(app: App): App {
    return this.#debug && app.config ? { ...app, config: { ...app.config, timeout: debugTimeout } } : app;
  }

  #options(app: App): { fidelity: "aws" | "fast"; nodePath?: string; emulatorArgs?: string[] } {
    const scope = vscode.Uri.file(app.folder);
    const nodePath = setting("nodePath", scope);
    const node = nodePath && { nodePath };
    // Times of AWS mean nothing while a person steps through the code.
    if (this.#debug) return { fidelity: "fast", emulatorArgs: ["--inspect"], ...node };
    return { fidelity: setting("fidelity", scope), ...node };
  }

  /** Deploys what changed on disk. Work that comes while another deploy runs waits for it. */
  redeploy(work: LongWork = {}): Promise<void> {
    return this.#enqueue(async () => {
      const run = this.running;
      if (!run) return;
      const app = await this.#session.onDisk();
      const deployed = await this.during(() => run.deploy(this.#deployable(app), work));
      const changed = deployed.actions.filter(({ kind, resource }) => kind !== "keep" && resource.startsWith("function ")).length;
      log().info(
        vscode.l10n.t("Deployed {0}: {1} functions changed, release {2}", this.#session.name, changed, deployed.release),
      );
      this.#set("running");
    });
  }

  /**
   * Has the run to itself: saved edits are deployed afterwards, and Stop cancels `body` and waits until it has ended.
   * @returns undefined when nothing runs any more once it is `body`'s turn.
   */
  exclusively<T>(
    work: Required<LongWork>,
    body: (run: LocalRun, work: Required<LongWork>) => Promise<T>,
  ): Promise<T | undefined> {
    return this.#enqueue(async () => {
      const run = this.running;
      if (!run) return undefined;
      const abort = (this.#abort = new AbortController());
      try {
        const signal = AbortSignal.any([work.signal, abort.signal]);
        return await this.during(() => body(run, { ...work, signal }));
      } finally {
        if (this.#abort === abort) this.#abort = undefined;
      }
    });
  }

  /** After a saved edit: the run goes on with what it has when the new sources cannot be deployed. */
  async hotRedeploy(): Promise<void> {
    if (!this.running) return;
    try {
      await withProgress({ title: vscode.l10n.t("Fusionize: redeploying {0}", this.#session.name), where: "window" }, (work) =>
        this.redeploy({ progress: work.progress }),
      );
    } catch (error) {
      if (isCancelled(error)) return;
      const reason = error instanceof Error ? error.message : String(error);
      log().warn(reason);
      if (this.running) this.#set("running", vscode.l10n.t("Not redeployed: {0}", reason));
    }
  }

  /** Marks the run as busy while `body` works, so that its instances are looked at more often. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    this.#changed("state");
    this.#look();
    try {
      return await body();
    } finally {
      this.#busy -= 1;
      this.#changed("state");
    }
  }

  #enqueue<T>(body: () => Promise<T>): Promise<T> {
    const next = this.#queue.catch(() => {}).then(body);
    this.#queue = next.catch(() => {});
    return next;
  }

  #look(): void {
    clearTimeout(this.#poll);
    const run = this.running;
    if (!run) return;
    const again = () => {
      if (this.running === run) this.#poll = setTimeout(() => this.#look(), this.#pause);
    };
    void run
      .instances()
      .then((instances) => {
        if (this.running !== run || JSON.stringify(instances) === JSON.stringify(this.#instances)) return;
        this.#instances = instances;
        this.#changed("instances");
      })
      // The emulator may be ending: `exited` tells.
      .catch((error: unknown) => log().trace(String(error)))
      .finally(again);
  }

  get #pause(): number {
    if (this.#debug) return instancesEvery.debug;
    return this.busy ? instancesEvery.busy : instancesEvery.idle;
  }

  #ended(run: LocalRun, exit: { expected: boolean; message: string }): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    this.#instances = {};
    clearTimeout(this.#poll);
    this.#set("stopped");
    if (!exit.expected)
      showError(new UserError("emulator-ended", exit.message, vscode.l10n.t("Run locally again to restart it.")));
  }

  /** Stops the run, or its start. Settles when no process of it is left. */
  async stop(): Promise<void> {
    this.#abort?.abort(new vscode.CancellationError());
    const starting = this.#starting;
    if (starting) await starting.catch(() => {});
    const run = this.#run;
    if (!run) return;
    this.#set("stopping");
    await this.#enqueue(async () => {
      await run.stop();
      if (this.#run === run) this.#run = undefined;
      this.#instances = {};
      clearTimeout(this.#poll);
      this.#set("stopped");
    });
  }
}
