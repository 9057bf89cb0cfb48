/** What is known of one task, as the code lens, its hover and the tree tell it. Pure. */
import * as vscode from "vscode";
import type { App } from "../../../application/types.ts";
import type { FunctionStatistics, Measurement, TaskStatistics } from "../../../core/measurement.ts";
import type { ResolvedFunction } from "../../../core/setup.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

export interface TaskFacts {
  task: string;
  /** The function that the task is the root of, where it has one. */
  own: ResolvedFunction | undefined;
  /** Roots of the functions that run it inside. */
  hosts: string[];
  measured: TaskStatistics | undefined;
  /** Of its own function, or of the only one that runs it. */
  function: FunctionStatistics | undefined;
  calls: { out: string[]; in: string[] };
}

export function taskFacts(app: App, task: string, current: Measurement | undefined): TaskFacts {
  const own = app.functions.find(({ root }) => root === task);
  const hosts = app.functions.filter(({ root, tasks }) => root !== task && tasks.includes(task)).map(({ root }) => root);
  const home = own?.root ?? (hosts.length === 1 ? hosts[0] : undefined);
  const names = (list: string[]) => [...new Set(list)].sort();
  return {
    task,
    own,
    hosts,
    measured: current?.tasks.find((each) => each.task === task),
    function: current?.functions.find(({ root, invocations }) => root === home && invocations > 0),
    calls: {
      out: names(app.graph.calls.filter(({ from }) => from === task).map(({ to }) => to)),
      in: names(app.graph.calls.filter(({ to }) => to === task).map(({ from }) => from)),
    },
  };
}

/** `function price · 256 MB`, `function checkout · 512 MB with payment, price`, `inlined into checkout` */
export function groupText({ task, own, hosts }: TaskFacts): string {
  const others = own?.tasks.filter((name) => name !== task) ?? [];
  const function_ = own && vscode.l10n.t("function {0} · {1} MB", own.root, own.memory);
  const parts = [
    function_ && others.length > 0 ? vscode.l10n.t("{0} with {1}", function_, others.join(", ")) : function_,
    hosts.length > 0 ? vscode.l10n.t("inlined into {0}", hosts.join(", ")) : undefined,
  ];
  return parts.filter(Boolean).join(" · ") || vscode.l10n.t("in no function");
}

/** `p50 12.4 ms · p95 20.1 ms · $0.22 · 8 % cold`; undefined while nothing was measured with this setup. */
export function numbersText({ measured, function: statistics }: TaskFacts): string | undefined {
  if (!measured) return undefined;
  const few = measured.samples < fewSamples ? [vscode.l10n.t("n = {0}", measured.samples)] : [];
  const cold = statistics ? statistics.coldStarts / statistics.invocations : 0;
  return [
    `p50 ${milliseconds(measured.duration.p50)}`,
    `p95 ${milliseconds(measured.duration.p95)}`,
    ...(statistics ? [vscode.l10n.t("{0} per million", dollars(statistics.costPerMillion))] : []),
    ...(cold > 0 ? [vscode.l10n.t("{0} cold", percent(cold))] : []),
    ...(measured.errors > 0 ? [vscode.l10n.t("{0} failed", measured.errors)] : []),
    ...few,
  ].join(" · ");
}

/** Below this many samples a number is said with its n. */
const fewSamples = 10;

export const percent = (share: number): string => `${share < 0.01 ? "< 1" : Math.round(share * 100)} %`;
