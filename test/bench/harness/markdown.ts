import type { Bench } from "../bench.ts";
import type { BenchResult, GoalResult } from "./measure.ts";
import type { Summary } from "./statistics.ts";

/** Three significant digits, thousands apart. */
export function format(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.min(digits, 6) });
}

const cell = (summary: Summary | undefined) =>
  summary ? `**${format(summary.median)}** (${format(summary.least)}–${format(summary.most)})` : "–";

/** The report of one run: what was measured, where, the table, the goals. */
export function markdown(bench: Bench, result: BenchResult): string {
  const { machine } = result;
  const first = result.peers[0]?.name;
  // A scaled run may leave columns out.
  const metrics = bench.metrics.filter(({ name }) => result.peers.some((peer) => peer.metrics[name]));
  const head = ["", ...metrics.map(({ name, unit }) => `${name} [${unit}]`)];
  const rows = result.peers.map((peer) => [
    peer.name,
    ...metrics.map(({ name }, column) => {
      if (peer.absent) return column === 0 ? `left out: ${peer.absent}` : "–";
      const ratio = peer.name === first ? undefined : peer.ratios[name];
      return cell(peer.metrics[name]) + (ratio === undefined ? "" : ` ×${format(ratio)}`);
    }),
  ]);
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const lines = [
    `# Bench \`${bench.name}\`, ${result.date}`,
    "",
    bench.description,
    "",
    `Median (least–most) of ${result.rounds} rounds in which the peers took turns; × is the median over the rounds of the ratio to «${first}» in the same round.` +
      (result.scale === 1 ? "" : ` Scaled to ${result.scale} of the full amount.`),
    "",
    ...table,
    "",
  ];
  if (result.goals.length > 0)
    lines.push("| goal | measured | |", "| --- | --- | --- |", ...result.goals.map((goal) => goalRow(bench, goal)), "");
  lines.push(
    `Machine: ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, commit ${machine.commit}.`,
    `Others took ${format(result.background.median * 100)} % of the machine (at most ${format(result.background.most * 100)} %)` +
      (result.noisy ? ": **noisy**, compare ratios only." : "."),
    "",
  );
  return lines.join("\n");
}

function goalRow(bench: Bench, goal: GoalResult): string {
  const unit = goal.of === undefined ? (bench.metrics.find(({ name }) => name === goal.metric)?.unit ?? "") : `× ${goal.of}`;
  const bound = goal.atMost === undefined ? `≥ ${format(goal.atLeast as number)}` : `≤ ${format(goal.atMost)}`;
  const verdict = goal.holds === undefined ? "not measured" : goal.holds ? "holds" : "**missed**";
  return `| ${goal.peer}: ${goal.metric} ${bound} ${unit} | ${goal.value === undefined ? "–" : format(goal.value)} | ${verdict} |`;
}
