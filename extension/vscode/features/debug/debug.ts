/** F5: runs the app with every instance under the editor's JavaScript debugger; no launch.json is needed. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import { isCancelled, showError } from "../../errors.ts";
import { debugType } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { type Debuggee, RunDebugAdapter } from "./adapter.ts";
import { attachConfiguration } from "./attach.ts";

interface Configuration extends vscode.DebugConfiguration {
  /** Absolute path of the app. */
  app?: string;
}

export class Debugging implements vscode.Disposable, vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory {
  readonly #sessions: AppSessions;
  readonly #disposables: vscode.Disposable[];

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    this.#disposables = [
      vscode.debug.registerDebugConfigurationProvider(debugType, this, Initial),
      vscode.debug.registerDebugConfigurationProvider(debugType, { provideDebugConfigurations: () => this.#offered() }, Dynamic),
      vscode.debug.registerDebugAdapterDescriptorFactory(debugType, this),
    ];
  }

  provideDebugConfigurations(): Promise<Configuration[]> {
    return this.#offered();
  }

  async #offered(): Promise<Configuration[]> {
    await this.#sessions.find();
    const { apps } = this.#sessions;
    return apps.map(({ name, uri }) => ({
      type: debugType,
      request: "launch",
      name: vscode.l10n.t("Debug {0}", name),
      app: apps.length > 1 ? uri.fsPath : "${workspaceFolder}",
    }));
  }

  /** Without launch.json the configuration is empty: the app of the active editor, or the only one. */
  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    given: Configuration,
  ): Promise<Configuration | undefined> {
    if (given.type) return given;
    const session = await this.#sessions.pick().catch(showError);
    if (!session) return undefined;
    const name = vscode.l10n.t("Debug {0}", session.name);
    return { ...given, type: debugType, request: "launch", name, app: session.folder };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    given: Configuration,
  ): Promise<Configuration | undefined> {
    try {
      if (!vscode.workspace.isTrusted) throw untrusted();
      const named = typeof given.app === "string" ? this.#sessions.get(vscode.Uri.file(given.app).fsPath) : undefined;
      const session = named ?? (await this.#sessions.pick());
      return { ...given, app: session.folder };
    } catch (error) {
      showError(error);
      return undefined;
    }
  }

  createDebugAdapterDescriptor(debug: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const session = this.#sessions.get(String(debug.configuration["app"]));
    if (!session) throw new Error(`The app ${String(debug.configuration["app"])} is not open.`);
    return new vscode.DebugAdapterInlineImplementation(new RunDebugAdapter(debuggee(session, debug, this.#sessions)));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

export const untrusted = (): UserError =>
  new UserError(
    "untrusted",
    vscode.l10n.t("Running locally executes code of this workspace, which is not trusted."),
    vscode.l10n.t("Trust it if you know where it comes from."),
  );

/** Starts a debug session for the app, as F5 does. */
export async function startDebugging(session: AppSession): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(session.uri);
  const name = vscode.l10n.t("Debug {0}", session.name);
  await vscode.debug.startDebugging(folder, { type: debugType, request: "launch", name, app: session.folder });
}

function debuggee(session: AppSession, debug: vscode.DebugSession, sessions: AppSessions): Debuggee {
  const attached = new Set<string>();
  const ended: (() => void)[] = [];
  const subscription = sessions.onDidChange(({ session: changed }) => {
    if (changed !== session) return;
    if (session.run.state === "stopped" && started) finish();
    else attach();
  });
  let started = false;
  const finish = (): void => {
    subscription.dispose();
    for (const listener of ended.splice(0)) listener();
  };
  const attach = (): void => {
    for (const [root, instances] of Object.entries(session.run.instances)) {
      for (const instance of instances) {
        const configuration = attachConfiguration(root, instance, session.folder);
        if (!configuration || attached.has(instance.inspector ?? "")) continue;
        attached.add(instance.inspector ?? "");
        void vscode.debug.startDebugging(debug.workspaceFolder, configuration, {
          parentSession: debug,
          compact: true,
          lifecycleManagedByParent: true,
          suppressDebugStatusbar: true,
        });
      }
    }
  };
  return {
    async start() {
      try {
        if (session.run.state !== "stopped") await session.run.stop();
        await session.run.start({ debug: true });
        started = true;
      } catch (error) {
        subscription.dispose();
        if (!isCancelled(error)) showError(error);
        throw error;
      }
    },
    async stop() {
      started = false;
      subscription.dispose();
      await session.run.stop();
    },
    onEnded: (listener) => void ended.push(listener),
  };
}
