/** Show Trace: one request, named by an id from a log line or chosen by how long it took. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import type { Trace } from "../../../monitoring/traces.ts";
import { withProgress } from "../../progress.ts";
import type { AppSession } from "../../model/session.ts";
import type { RequestSummary } from "../../model/requests.ts";
import { milliseconds } from "../../model/suggestion.ts";

/** Requests offered beside those at the percentiles, newest first. */
const newest = 30;

/** @throws UserError `no-trace` where nothing is known of it. */
export async function chooseTrace(session: AppSession, id: string | undefined): Promise<Trace> {
  const { requests } = session;
  if (id !== undefined) {
    const found = requests.find(id) ?? (await lookAgain(session, id));
    if (found) return found;
    throw new UserError(
      "no-trace",
      vscode.l10n.t("Nothing is known of the request {0}.", id),
      vscode.l10n.t("Its run has ended, or it was none of {0}.", session.name),
    );
  }
  await requests.read();
  const { summaries } = requests;
  if (summaries.length === 0) {
    throw new UserError(
      "no-trace",
      vscode.l10n.t("No request of {0} is known in detail.", session.name),
      vscode.l10n.t("Invoke a task or run a workload first."),
    );
  }
  const chosen = await vscode.window.showQuickPick(items(summaries), {
    title: vscode.l10n.t("Show Trace"),
    placeHolder: vscode.l10n.t("Which request of {0}?", session.name),
    matchOnDescription: true,
  });
  const trace = chosen?.trace === undefined ? undefined : requests.find(chosen.trace);
  if (!trace) throw new vscode.CancellationError();
  return trace;
}

/** A line of the log may be a moment ahead of the records. */
function lookAgain(session: AppSession, id: string): Promise<Trace | undefined> {
  return withProgress({ title: vscode.l10n.t("Reading the log"), where: "window" }, async () => {
    await session.requests.read();
    return session.requests.find(id);
  });
}

type Item = vscode.QuickPickItem & { trace?: string };

function items(summaries: readonly RequestSummary[]): Item[] {
  const ranked = summaries.filter(({ rank }) => rank !== undefined);
  const latest = summaries.toSorted((a, b) => b.at - a.at).slice(0, newest);
  return [
    { label: vscode.l10n.t("By duration"), kind: vscode.QuickPickItemKind.Separator },
    ...ranked.map((summary) => item(summary, summary.rank === "slowest" ? vscode.l10n.t("slowest") : summary.rank)),
    { label: vscode.l10n.t("Newest"), kind: vscode.QuickPickItemKind.Separator },
    ...latest.map((summary) => item(summary)),
  ];
}

function item({ trace, durationMs, cold, error, at }: RequestSummary, rank?: string): Item {
  const marks = [
    rank,
    new Date(at).toLocaleTimeString(vscode.env.language),
    cold ? vscode.l10n.t("cold") : "",
    error ? vscode.l10n.t("failed") : "",
  ];
  const icon = error ? "$(error)" : cold ? "$(snowflake)" : "$(list-tree)";
  return { label: `${icon} ${milliseconds(durationMs)}`, description: marks.filter(Boolean).join(" · "), trace };
}
