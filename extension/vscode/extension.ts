/** Activation wires the features and returns: no I/O is awaited, everything heavy comes with the first use. */
import * as vscode from "vscode";
import { registerCommands } from "./commands.ts";
import { keepContext } from "./context.ts";
import { showError } from "./errors.ts";
import { Debugging } from "./features/debug/debug.ts";
import { Diagnostics } from "./features/diagnostics/diagnostics.ts";
import { Consent } from "./features/deploy/deploy.ts";
import { DeploymentTree } from "./features/deploy/deploymentTree.ts";
import { ProblemFixes } from "./features/fixes/fixes.ts";
import { GraphPanels } from "./features/graph/index.ts";
import { TaskLens } from "./features/lens/taskLens.ts";
import { TaskRefactorings } from "./features/refactor/actions.ts";
import { TaskRename } from "./features/refactor/rename.ts";
import { InvocationResults } from "./features/run/results.ts";
import { StatusBar } from "./features/status/statusBar.ts";
import { SuggestionActions } from "./features/suggestion/codeActions.ts";
import { FunctionsTree } from "./features/tree/functionsTree.ts";
import { RunsTree } from "./features/tree/runsTree.ts";
import { disposeLog, log } from "./log.ts";
import { ServiceConsent } from "./model/serviceConsent.ts";
import { AppSessions } from "./model/sessions.ts";

let active: AppSessions | undefined;

const files = (...languages: string[]) => languages.map((language) => ({ language, scheme: "file" }));
/** Files that may define tasks. */
const sources = files("typescript", "typescriptreact", "javascript", "javascriptreact");
/** Files that the lightbulb may appear in. */
const documents = [...sources, ...files("json", "jsonc")];

/** What tests may ask of the running extension. */
export interface Api {
  sessions: AppSessions;
  functionsTree: FunctionsTree;
  runsTree: RunsTree;
  graphs: GraphPanels;
  /** ms that activation took. */
  activationMs: number;
}

export function activate(context: vscode.ExtensionContext): Api | undefined {
  const start = performance.now();
  try {
    const sessions = (active = new AppSessions(new ServiceConsent(context.workspaceState)));
    const graphs = new GraphPanels(context, sessions);
    const results = new InvocationResults();
    const functionsTree = new FunctionsTree(sessions);
    const runsTree = new RunsTree(sessions);
    const deployments = new DeploymentTree(sessions);
    context.subscriptions.push(
      sessions,
      graphs,
      results,
      new Diagnostics(sessions),
      functionsTree,
      runsTree,
      deployments,
      new StatusBar(sessions),
      new Debugging(sessions),
      new TaskLens(sessions, sources),
      keepContext(sessions),
      vscode.languages.registerCodeActionsProvider(documents, new SuggestionActions(sessions), {
        providedCodeActionKinds: SuggestionActions.kinds,
      }),
      vscode.languages.registerCodeActionsProvider(documents, new ProblemFixes(sessions), {
        providedCodeActionKinds: ProblemFixes.kinds,
      }),
      vscode.languages.registerCodeActionsProvider(sources, new TaskRefactorings(sessions), {
        providedCodeActionKinds: TaskRefactorings.kinds,
      }),
      vscode.languages.registerRenameProvider(sources, new TaskRename(sessions)),
      ...registerCommands({
        sessions,
        graphs,
        results,
        deployments,
        consent: new Consent(),
        extension: context.extensionUri,
      }),
      { dispose: disposeLog },
    );
    sessions.start();
    const activationMs = performance.now() - start;
    log().debug(`activated in ${activationMs.toFixed(1)} ms`);
    return { sessions, functionsTree, runsTree, graphs, activationMs };
  } catch (error) {
    // The editor itself shows nothing when activation fails.
    showError(error);
    return undefined;
  }
}

/** Everything that was started ends with the window. */
export async function deactivate(): Promise<void> {
  await active?.stopAll();
  active = undefined;
}
