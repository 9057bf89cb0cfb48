/** Fronts with the measured setups on them, by the same renderer as the panel's. */
import { frontSvg } from "../../../webview/front/svg.ts";
import type { FrontPointView } from "../../../webview/protocol.ts";
import type { RawResults } from "../raw.ts";
import type { Row } from "../results.ts";

const SIZE = { width: 900, height: 460 };

export function fronts({ searches }: RawResults, rows: Row[]): Map<string, string> {
  const figures = new Map<string, string>();
  for (const { app, front } of searches) {
    const warm = rows.filter((row) => row.app === app && row.load === "warm");
    if (warm.length === 0) continue;
    const measured = warm.map((row): FrontPointView => {
      const { latency, cost } = row;
      const better = warm.some(
        (other) => other !== row && other.latency.median <= latency.median && other.cost.mean <= cost.mean,
      );
      return {
        setup: view(row.contender.name),
        latencyMs: latency.median,
        costPerMillion: cost.mean,
        measured: true,
        latencyInterval: [latency.interval.low, latency.interval.high],
        costInterval: [cost.interval.low, cost.interval.high],
        dominated: better,
        current: row.contender.name === "base",
        labels: row.contender.name === "base" ? [] : [row.contender.name],
      };
    });
    const predicted = front.map(({ setup, latency, cost }): FrontPointView => ({
      setup: view(JSON.stringify(setup)),
      latencyMs: latency,
      costPerMillion: cost,
      measured: false,
      dominated: true,
      current: false,
      labels: [],
    }));
    figures.set(`${app}.svg`, frontSvg([...measured, ...predicted], SIZE));
  }
  return figures;
}

/** The plot shows labels, not notations. */
function view(id: string): FrontPointView["setup"] {
  return { id, notation: id, functions: [] };
}
