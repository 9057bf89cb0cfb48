/** One call graph in the editor area: shows an app, takes the page's messages. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { panelHtml } from "../../../../webview/html.ts";
import type { FromWebview, PanelCommand, PanelState, ToWebview, TraceView } from "../../../../webview/protocol.ts";
import { validateFromWebview } from "../../../../webview/validate.ts";
import { UserError } from "../../../core/errors.ts";
import type { Trace } from "../../../monitoring/traces.ts";
import { showingErrors } from "../../errors.ts";
import { type CommandId, runCommand } from "../../ids.ts";
import { log } from "../../log.ts";
import type { AppSession } from "../../model/session.ts";
import { traceView } from "../../model/traceView.ts";
import { exportGraph } from "./export.ts";
import { LiveActivity } from "./live.ts";
import { panelState } from "./panelState.ts";
import { openSource } from "./source.ts";
import { pageStrings } from "./strings.ts";

const panelCommands: Record<PanelCommand, CommandId> = {
  runLocally: "fusionize.runLocally",
  stop: "fusionize.stop",
  invokeTask: "fusionize.invokeTask",
  runWorkload: "fusionize.runWorkload",
  suggest: "fusionize.suggestFusion",
  createSample: "fusionize.createSample",
  showLog: "fusionize.showLog",
};

export class GraphPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #folder: vscode.Uri;
  readonly #disposables: vscode.Disposable[] = [];
  readonly #closed = new vscode.EventEmitter<void>();
  #session: AppSession;
  #revision = 0;
  #ready = false;
  /** What waits until the page is there. */
  #waiting: ToWebview[] = [];
  #trace: TraceView | undefined;
  #cursor: string | undefined;
  #state: PanelState | undefined;
  readonly #activity = new LiveActivity();
  readonly #opened = performance.now();
  #drawnMs: number | undefined;

  readonly onDidClose = this.#closed.event;

  constructor(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, session: AppSession) {
    this.#panel = panel;
    this.#folder = vscode.Uri.joinPath(extensionUri, "dist/webview");
    this.#session = session;
    const media = vscode.Uri.joinPath(extensionUri, "extension/vscode/media");
    panel.iconPath = { light: vscode.Uri.joinPath(media, "graph-light.svg"), dark: vscode.Uri.joinPath(media, "graph-dark.svg") };
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#folder] };
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((message: unknown) => void showingErrors(() => this.#received(message))),
      panel.onDidDispose(() => this.dispose()),
    );
    this.#load();
  }

  get session(): AppSession {
    return this.#session;
  }

  /** As last sent to the page. */
  get state(): PanelState | undefined {
    return this.#state;
  }

  /** ms from opening to the first picture on the screen. */
  get drawnMs(): number | undefined {
    return this.#drawnMs;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  /** Brings the panel to the front, with this app in it. */
  show(session: AppSession): void {
    if (session !== this.#session) {
      this.#session = session;
      this.#trace = undefined;
      this.#load();
    }
    this.#panel.reveal(undefined, false);
  }

  reveal(task: string): void {
    this.#tell({ type: "reveal", task });
  }

  /** Shows what another setup would change; without one, the Front to choose from. */
  compare(setup: string | undefined): void {
    this.#tell(setup === undefined ? { type: "showTab", tab: "front" } : { type: "showTab", tab: "graph", picked: setup });
  }

  /** Shows a request over all the functions that it touched; the page may not be there yet. */
  async showTrace(trace: Trace): Promise<void> {
    const { requests } = this.#session;
    this.#trace = traceView(trace, await requests.lines(trace));
    this.update();
    this.#tell({ type: "showTab", tab: "trace" });
  }

  /** Sends the state as it is now. The page of a hidden panel does not exist; it asks anew when it is shown again. */
  update(): void {
    const { app, run, measurements, search, suggestion, requests } = this.#session;
    this.#panel.title = vscode.l10n.t("Call Graph: {0}", this.#session.name);
    if (!this.#ready || !app) return;
    const known = {
      app,
      measurements,
      suggestion,
      ...(search && { front: search.front }),
      instances: run.instances,
      run: { state: run.state, ...(run.message && { message: run.message }) },
      trace: this.#trace,
      traces: requests.summaries,
    };
    this.#state = panelState(known, ++this.#revision);
    this.#post({ type: "state", state: this.#state });
  }

  /** Marks the task at the editor's cursor. */
  cursor(task: string | undefined): void {
    if (!this.#ready || task === this.#cursor) return;
    this.#cursor = task;
    this.#post({ type: "cursor", ...(task !== undefined && { task }) });
  }

  /** What the instances did since the last message. */
  live(): void {
    const message = this.#activity.since(this.#session.run.instances);
    if (!this.#ready || !this.#panel.visible) return;
    this.#post(message);
    // A workload brings its records itself, and must not be disturbed by our reading.
    if (message.invocations.length > 0 && !this.#session.run.busy) this.#session.readRequests();
  }

  #tell(message: ToWebview): void {
    if (this.#ready) this.#post(message);
    else this.#waiting.push(message);
  }

  #post(message: ToWebview): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is the editor's API, not a window
    void this.#panel.webview.postMessage(message);
  }

  #load(): void {
    this.#ready = false;
    this.#cursor = undefined;
    const { webview } = this.#panel;
    const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#folder, file)).toString();
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      scriptUri: uri("panel.js"),
      styleUri: uri("panel.css"),
      workerUri: uri("elk-worker.min.js"),
      nonce: randomBytes(16).toString("base64url"),
      title: vscode.l10n.t("Call Graph"),
      language: vscode.env.language,
      strings: pageStrings(),
    });
    this.update();
  }

  async #received(value: unknown): Promise<void> {
    const checked = validateFromWebview(value);
    if (!checked.ok) {
      log().warn(`The call graph sent a message that is not understood, it was dropped: ${checked.reason}`);
      return;
    }
    await this.#handle(checked.value);
  }

  async #handle(message: FromWebview): Promise<void> {
    const target = { folder: this.#session.folder };
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.update();
        for (const waiting of this.#waiting.splice(0)) this.#post(waiting);
        return;
      case "drawn":
        this.#drawnMs ??= performance.now() - this.#opened;
        log().debug(`call graph on the screen in ${this.#drawnMs.toFixed(0)} ms`);
        return;
      case "openSource":
        return openSource(this.#session, message.file, message.line);
      case "acceptSuggestion":
        await runCommand("fusionize.acceptSuggestion", target);
        return;
      case "acceptSetup":
        await runCommand("fusionize.acceptSetup", target, message.setupId);
        return;
      case "command":
        await vscode.commands.executeCommand(
          panelCommands[message.command],
          message.task ? { ...target, task: message.task } : target,
        );
        return;
      case "viewState":
        // The page keeps it through the editor's own state of a webview, which the serializer brings back.
        return;
      case "showTrace":
        return this.#pickTrace(message);
      case "export":
        return exportGraph(this.#session, message);
    }
  }

  async #pickTrace({ trace: id, task, caller }: Extract<FromWebview, { type: "showTrace" }>): Promise<void> {
    const { requests } = this.#session;
    const found = id !== undefined ? requests.find(id) : task !== undefined ? requests.slowest({ task, caller }) : undefined;
    if (found) return this.showTrace(found);
    if (task === undefined) return;
    throw new UserError(
      "no-trace",
      vscode.l10n.t("None of the requests that are known in detail ran {0}.", task),
      vscode.l10n.t("Invoke a task or run a workload first."),
    );
  }

  dispose(): void {
    if (this.#disposables.length === 0) return;
    for (const disposable of this.#disposables.splice(0)) disposable.dispose();
    this.#panel.dispose();
    this.#closed.fire();
    this.#closed.dispose();
  }
}
