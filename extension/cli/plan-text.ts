/** Plans as text: one line for each thing, what changes first to see by its sign. */
import { estimateText, type Estimate } from "../application/estimate.ts";
import type { Action, Plan, Target } from "../deployment/index.ts";
import { placeText } from "./target.ts";

const SIGNS: Record<Action["kind"], string> = { create: "+", update: "~", delete: "-", keep: " " };

export const actionLines = (actions: readonly Action[]): string[] =>
  actions.map(({ kind, resource, reason }) => `${SIGNS[kind]} ${kind.padEnd(6)} ${resource}  (${reason})`);

export function planText(plan: Plan, target: Target, estimate: Estimate): string {
  const changes = plan.actions.filter(({ kind }) => kind !== "keep").length;
  return [
    `${plan.app} → ${placeText(target, plan.account)}`,
    ...actionLines(plan.actions),
    ...plan.drift.map(({ resource, message }) => `! drift  ${resource}  (${message})`),
    changes === 0 ? "Nothing to change." : `${changes} ${changes === 1 ? "change" : "changes"}.`,
    estimateText(estimate),
  ].join("\n");
}
