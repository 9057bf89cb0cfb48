/** One app of the workspace as the editor knows it: what its files say now, its run, its measurements, the suggestion. */
import * as vscode from "vscode";
import { existsSync } from "node:fs";
import { basename, relative } from "node:path";
import type { App } from "../../application/types.ts";
import type { Measurement } from "../../core/measurement.ts";
import { setupId } from "../../core/setup-id.ts";
import type { FusionSetup } from "../../core/setup.ts";
import { reading, type Reading } from "../backend.ts";
import { log } from "../log.ts";
import { LocalRunState } from "./localRun.ts";
import { Requests } from "./requests.ts";
import type { ServiceConsent } from "./serviceConsent.ts";
import { SourceWatch, unsavedText } from "./sources.ts";
import type { OpenSuggestion, Search } from "./suggestion.ts";

/** The newest measurements that stay in memory; older ones are in `.fusionize/`. */
const mostMeasurements = 50;

/** `instances`: only what the running instances do. Everything else is `state`. */
export type Change = "state" | "instances";

export class AppSession {
  readonly uri: vscode.Uri;
  readonly run: LocalRunState;
  readonly requests = new Requests();
  readonly #changed = new vscode.EventEmitter<Change>();
  readonly #watch: SourceWatch;
  readonly #disposables: vscode.Disposable[];
  #app: App | undefined;
  #loading: Promise<void> | undefined;
  /** What may have changed since the last reading; undefined = anything. Empty = nothing. */
  #stale: Set<string> | undefined;
  #discovery: ReturnType<Reading["createDiscovery"]> | undefined;
  /** As `#discovery`, without unsaved text. */
  #saved: ReturnType<Reading["createDiscovery"]> | undefined;
  #reads: Promise<unknown> = Promise.resolve();
  #hasSetupFile = false;
  #firstReadMs: number | undefined;
  #measurements: Measurement[] | undefined;
  #search: Search | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(uri: vscode.Uri, consent: ServiceConsent) {
    this.uri = uri;
    this.run = new LocalRunState(this, consent, (change) => this.#changed.fire(change));
    this.#watch = new SourceWatch(uri, {
      edited: (files) => void this.reload(files),
      saved: () => {
        // The run reads the disk by itself, so that neither waits for the other.
        void this.run.hotRedeploy();
        void this.reload();
      },
    });
    this.#disposables = [this.#changed, this.#watch];
  }

  /** Absolute path. */
  get folder(): string {
    return this.uri.fsPath;
  }

  get name(): string {
    return this.#app?.config?.app ?? basename(this.folder);
  }

  /** As last read, unsaved text included. Undefined only before the first reading. */
  get app(): App | undefined {
    return this.#app;
  }

  /** ms that reading all of the app took when it was new. */
  get firstReadMs(): number | undefined {
    return this.#firstReadMs;
  }

  /** A folder without tasks and without a setup file is no app, and nothing of it is shown. */
  get isApp(): boolean {
    return this.#hasSetupFile || (this.#app?.graph.tasks.length ?? 0) > 0;
  }

  /** True when `fusionize.json` exists, usable or not. */
  get hasSetupFile(): boolean {
    return this.#hasSetupFile;
  }

  get setupUri(): vscode.Uri {
    return vscode.Uri.joinPath(this.uri, "fusionize.json");
  }

  /** Newest first. */
  get measurements(): readonly Measurement[] {
    return this.#measurements ?? [];
  }

  /** The newest measurement of the current setup. */
  get current(): Measurement | undefined {
    return this.measurements.find((measurement) => measurement.setupId === this.#app?.setupId);
  }

  /** What the optimizer found last, whatever the setup is now. */
  get search(): Search | undefined {
    return this.#search;
  }

  set search(search: Search | undefined) {
    this.#search = search;
    this.#changed.fire("state");
  }

  /** The suggestion that waits for a decision. It holds for the setup it was made for: after an edit it is out of date. */
  get suggestion(): OpenSuggestion | undefined {
    const suggestion = this.#search?.suggestion;
    return suggestion?.forSetup === this.#app?.setupId ? suggestion : undefined;
  }

  dismissSuggestion(): void {
    if (this.#search) this.search = { ...this.#search, suggestion: undefined };
  }

  /** A setup that was measured or predicted, by its id: what the Front view offers. */
  knownSetup(id: string): FusionSetup | undefined {
    const known = [this.#search?.suggestion, ...this.measurements, ...(this.#search?.front ?? [])];
    return known.find((candidate) => candidate && setupId(candidate.setup) === id)?.setup;
  }

  addMeasurement(measurement: Measurement): void {
    this.#measurements = [measurement, ...this.measurements].slice(0, mostMeasurements);
    this.#changed.fire("state");
  }

  /** Requests that the run has answered since the last look are then known in detail. */
  readRequests(): void {
    const before = this.requests.traces.length;
    void this.requests
      .read()
      .then(() => {
        if (this.requests.traces.length !== before) this.#changed.fire("state");
      })
      // The run may be ending; the next look finds what is there.
      .catch((error: unknown) => log().trace(String(error)));
  }

  /** What one request caused, as soon as all of it is in the log. */
  async awaitRequest(trace: string): Promise<void> {
    await this.requests.await(trace);
    this.#changed.fire("state");
  }

  contains(uri: vscode.Uri): boolean {
    if (uri.scheme !== this.uri.scheme) return false;
    const path = relative(this.folder, uri.fsPath);
    return path !== "" && !path.startsWith("..");
  }

  /** A place in this app as the editor names it. */
  fileUri(file: string): vscode.Uri {
    return vscode.Uri.joinPath(this.uri, file);
  }

  /**
   * Reads the app anew. While it reads, further calls are answered by one more reading.
   * @param edited Absolute paths of the only files that have changed.
   */
  reload(edited?: Iterable<string>): Promise<void> {
    if (edited === undefined) this.#stale = undefined;
    else for (const file of edited) this.#stale?.add(file);
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
      // Something changed after the last look at the files.
      if (this.#isStale) void this.reload([]);
    });
    return this.#loading;
  }

  get #isStale(): boolean {
    return this.#stale === undefined || this.#stale.size > 0;
  }

  async #read(): Promise<void> {
    try {
      const { createDiscovery, loadApp, readHistory } = await reading();
      const began = performance.now();
      this.#discovery ??= createDiscovery();
      do {
        const edited = this.#stale;
        this.#stale = new Set();
        const discovery = this.#discovery;
        this.#app = await loadApp(this.folder, { overlay: unsavedText, discovery, ...(edited && { edited }) });
        this.#hasSetupFile = existsSync(this.#app.setupFile);
      } while (this.#isStale);
      const took = performance.now() - began;
      this.#firstReadMs ??= took;
      log().debug(`read ${this.name}: ${this.#app.graph.tasks.length} tasks in ${took.toFixed(0)} ms`);
      if (!this.#measurements && this.isApp) {
        const history = await readHistory(this.#app);
        this.#measurements = history
          .map(({ measurement }) => measurement)
          .slice(-mostMeasurements)
          .toReversed();
        await this.requests.restore(this.#app);
      }
    } catch (error) {
      log().error(error instanceof Error ? error : String(error));
      // What was read of it before the failure is not known.
      this.#discovery = undefined;
    }
    this.#changed.fire("state");
  }

  /** The app as it is on disk: what is deployed. Only files that changed since the last time are parsed. */
  onDisk(): Promise<App> {
    const read = async () => {
      const { createDiscovery, loadApp } = await reading();
      this.#saved ??= createDiscovery();
      return loadApp(this.folder, { discovery: this.#saved });
    };
    // One at a time: they share what was parsed.
    const next = this.#reads.then(read, read);
    this.#reads = next;
    return next;
  }

  async dispose(): Promise<void> {
    for (const disposable of this.#disposables) disposable.dispose();
    await this.run.stop();
  }
}
