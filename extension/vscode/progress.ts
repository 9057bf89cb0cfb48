/** Long work in the editor: progress that can be cancelled, as the `LongWork` that everything below the editor takes. */
import * as vscode from "vscode";
import type { LongWork } from "../ports/work.ts";

export interface Shown {
  title: string;
  /** `notification` where the user waits for it, `window` (status bar) where it happens beside their work. */
  where?: "notification" | "window";
}

/** Runs `body`; the notification's Cancel aborts its signal. Rejects with CancellationError when it was cancelled. */
export async function withProgress<T>(shown: Shown, body: (work: Required<LongWork>) => Promise<T>): Promise<T> {
  const cancellable = shown.where !== "window";
  const location = cancellable ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window;
  return vscode.window.withProgress({ location, title: shown.title, cancellable }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    let reached = 0;
    const work: Required<LongWork> = {
      signal: abort.signal,
      progress: (message, fraction) => {
        const percent = fraction === undefined ? reached : Math.max(reached, Math.min(100, fraction * 100));
        progress.report({ message, increment: percent - reached });
        reached = percent;
      },
    };
    return body(work);
  });
}
