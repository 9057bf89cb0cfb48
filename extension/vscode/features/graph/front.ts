/** The setups of the Front view: measured ones and those the optimizer predicts. Pure. */
import type { App } from "../../../application/types.ts";
import type { Measurement } from "../../../core/measurement.ts";
import { setupId } from "../../../core/setup-id.ts";
import type { FusionSetup } from "../../../core/setup.ts";
import type { FrontPoint } from "../../../optimizer/types.ts";
import type { FrontPointView } from "../../../../webview/protocol.ts";
import type { OpenSuggestion } from "../../model/suggestion.ts";
import { setupView } from "./panelState.ts";

/**
 * The newest warm measurement of each setup; where there is none, the prediction. Latency is the mean throughout: it is
 * the optimizer's axis. A point is dominated when another one of its kind is at least as good in both and better in one.
 */
export function frontPoints(
  app: App,
  measurements: readonly Measurement[],
  predicted: readonly FrontPoint[],
  suggestion: OpenSuggestion | undefined,
): FrontPointView[] {
  const points = new Map<string, FrontPointView>();
  const suggestedId = suggestion && setupId(suggestion.setup);
  const add = (
    setup: FusionSetup,
    point: Pick<FrontPointView, "latencyMs" | "costPerMillion" | "measured" | "labels">,
    from?: Measurement,
  ) => {
    const id = setupId(setup);
    const known = points.get(id);
    if (known) {
      known.labels = [...new Set([...known.labels, ...point.labels])];
      return;
    }
    const labels = id === suggestedId ? [...point.labels, "suggested"] : point.labels;
    points.set(id, { ...point, labels, setup: setupView(app, setup, from), dominated: false, current: id === app.setupId });
  };
  for (const measurement of measurements) {
    if (measurement.cold) continue;
    const { latency, costPerMillion, setup } = measurement;
    add(setup, { latencyMs: latency.mean, costPerMillion, measured: true, labels: [] }, measurement);
  }
  for (const { setup, latency, costPerMillion, labels } of predicted) {
    add(setup, { latencyMs: latency.mean, costPerMillion, measured: false, labels });
  }
  if (suggestion) {
    const { latency, costPerMillion } = suggestion.expected;
    add(suggestion.setup, { latencyMs: latency.mean, costPerMillion, measured: false, labels: [] });
  }
  const all = [...points.values()];
  for (const point of all) point.dominated = all.some((other) => dominates(other, point));
  return all;
}

function dominates(a: FrontPointView, b: FrontPointView): boolean {
  if (a === b || a.measured !== b.measured) return false;
  const noWorse = a.latencyMs <= b.latencyMs && a.costPerMillion <= b.costPerMillion;
  return noWorse && (a.latencyMs < b.latencyMs || a.costPerMillion < b.costPerMillion);
}
