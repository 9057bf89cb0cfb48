/**
 * Every id that the manifest and the code share, with its types. The functions below are the only way to touch these
 * APIs, so an id that is not listed does not compile; a test compares the lists with `package.json`.
 */
import * as vscode from "vscode";
import type { FusionSetup } from "../core/setup.ts";
import type { AppTarget } from "./model/sessions.ts";

export const commandIds = {
  openCallGraph: "fusionize.openCallGraph",
  showInGraph: "fusionize.showInGraph",
  runLocally: "fusionize.runLocally",
  debugLocally: "fusionize.debugLocally",
  stop: "fusionize.stop",
  invokeTask: "fusionize.invokeTask",
  showTrace: "fusionize.showTrace",
  runWorkload: "fusionize.runWorkload",
  suggestFusion: "fusionize.suggestFusion",
  acceptSuggestion: "fusionize.acceptSuggestion",
  deployToAws: "fusionize.deployToAws",
  rollBack: "fusionize.rollBack",
  destroyDeployment: "fusionize.destroyDeployment",
  agreeToPlan: "fusionize.agreeToPlan",
  discardPlan: "fusionize.discardPlan",
  copyUrl: "fusionize.copyUrl",
  moveToGroup: "fusionize.moveToGroup",
  useSetup: "fusionize.useSetup",
  compareSetup: "fusionize.compareSetup",
  createSample: "fusionize.createSample",
  createSetupFile: "fusionize.createSetupFile",
  openSetupFile: "fusionize.openSetupFile",
  showLog: "fusionize.showLog",
} as const;

/** Not offered in the command palette: steps of other commands. */
export const internalCommandIds = {
  menu: "fusionize.menu",
  openSource: "fusionize.openSource",
  showTraceOf: "fusionize.showTraceOf",
  verifyAccepted: "fusionize.verifyAccepted",
  acceptSetup: "fusionize.acceptSetup",
  dismissSuggestion: "fusionize.dismissSuggestion",
} as const;

export type CommandId =
  | (typeof commandIds)[keyof typeof commandIds]
  | (typeof internalCommandIds)[keyof typeof internalCommandIds];

interface Arguments {
  "fusionize.invokeTask": [target?: AppTarget | TaskTarget];
  "fusionize.showInGraph": [target?: AppTarget | TaskTarget];
  "fusionize.showTraceOf": [of: { trace?: string; task?: string; folder?: string }];
  "fusionize.createSample": [into?: string | AppTarget];
  "fusionize.moveToGroup": [target?: AppTarget | (TaskTarget & { functions?: string[] })];
  "fusionize.useSetup": [target?: SetupTarget];
  "fusionize.compareSetup": [target?: SetupTarget];
  "fusionize.openSource": [folder: string, file: string, line: number, column?: number];
  "fusionize.verifyAccepted": [folder: string, accepted: FusionSetup, previous: FusionSetup];
  "fusionize.acceptSetup": [target: AppTarget, setupId: string];
  "fusionize.runWorkload": [target?: AppTarget | TaskTarget];
  "fusionize.copyUrl": [row?: { url?: string }];
  "fusionize.menu": [];
  "fusionize.showLog": [];
}

/** A task of an app: what tree rows and the panel hand over. */
export interface TaskTarget extends AppTarget {
  task: string;
}

/** A setup that was measured: what rows of the Runs view hand over. */
export interface SetupTarget extends AppTarget {
  setupId: string;
}

type ArgumentsOf<Id extends CommandId> = Id extends keyof Arguments ? Arguments[Id] : [target?: AppTarget];

export const settingIds = {
  fidelity: "fusionize.fidelity",
  codeLens: "fusionize.codeLens",
  nodePath: "fusionize.nodePath",
  workloadRequests: "fusionize.workload.requests",
  workloadRate: "fusionize.workload.rate",
} as const;

interface Settings {
  fidelity: "aws" | "fast";
  /** Above task definitions and in their hover. */
  codeLens: boolean;
  /** Absolute path, or empty for the automatic choice. */
  nodePath: string;
  /** Root requests. */
  workloadRequests: number;
  /** Requests per second. */
  workloadRate: number;
}

export const contextKeys = {
  hasApp: "fusionize.hasApp",
  run: "fusionize.run",
  hasSuggestion: "fusionize.hasSuggestion",
  busy: "fusionize.busy",
  planWaits: "fusionize.planWaits",
} as const;

interface ContextValues {
  hasApp: boolean;
  run: "stopped" | "starting" | "running" | "stopping";
  hasSuggestion: boolean;
  /** A workload or a search is under way. */
  busy: boolean;
  /** A plan waits for consent. */
  planWaits: boolean;
}

export const viewIds = { functions: "fusionize.functions", runs: "fusionize.runs", deployment: "fusionize.deployment" } as const;
export const graphPanelType = "fusionize.graph";
export const debugType = "fusionize";

export function registerCommand<Id extends CommandId>(id: Id, handler: (...args: ArgumentsOf<Id>) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, handler);
}

export function runCommand<Id extends CommandId>(id: Id, ...args: ArgumentsOf<Id>): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

/** A command as tree rows, code actions and the status bar take it. */
export function commandLink<Id extends CommandId>(title: string, id: Id, ...args: ArgumentsOf<Id>): vscode.Command {
  return { title, command: id, arguments: args };
}

export function setting<Name extends keyof Settings>(name: Name, scope?: vscode.ConfigurationScope): Settings[Name] {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<Settings[Name]>(settingIds[name]);
  if (value === undefined) throw new Error(`The setting ${settingIds[name]} has no default in package.json.`);
  return value;
}

const lastContext = new Map<string, unknown>();

/** Sets a context key, and only when it changed: each call goes through the window. */
export function setContext<Name extends keyof ContextValues>(name: Name, value: ContextValues[Name]): void {
  if (lastContext.get(name) === value) return;
  lastContext.set(name, value);
  void vscode.commands.executeCommand("setContext", contextKeys[name], value);
}
