/** Requests by the operation that they ask for, as the service models name them: IAM action -> how often. */
import { iamActions } from "./iam-actions.ts";
import type { Seen } from "./proxy.ts";

export function countByAction(seen: readonly Seen[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of seen) {
    const [action = ""] = iamActions([one]);
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A Markdown table: action, and its count in each of the recordings. */
export function callTable(recordings: Record<string, readonly Seen[]>): string {
  const names = Object.keys(recordings);
  const counted = names.map((name) => countByAction(recordings[name]!));
  const actions = [...new Set(counted.flatMap((counts) => [...counts.keys()]))].sort();
  const rows = actions.map((action) => [action, ...counted.map((counts) => String(counts.get(action) ?? ""))]);
  const totals = ["**requests**", ...names.map((name) => `**${recordings[name]!.length}**`)];
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(["IAM action", ...names]), line(["---", ...names.map(() => "---:")]), ...rows.map(line), line(totals)].join("\n");
}
