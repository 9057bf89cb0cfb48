/** Keeps the context keys of the window in step with the apps. */
import type * as vscode from "vscode";
import { setContext } from "./ids.ts";
import type { AppSessions } from "./model/sessions.ts";

/** The run state that menus go by: with several apps, one that is not stopped decides. */
export function keepContext(sessions: AppSessions): vscode.Disposable {
  return sessions.onDidChange(({ change }) => {
    if (change === "instances") return;
    const { apps } = sessions;
    setContext("hasApp", apps.length > 0);
    setContext(
      "hasSuggestion",
      apps.some(({ suggestion }) => suggestion !== undefined),
    );
    setContext("run", apps.find(({ run }) => run.state !== "stopped")?.run.state ?? "stopped");
    setContext(
      "busy",
      apps.some(({ run }) => run.busy),
    );
  });
}
