/** The model against setups that ran on AWS: published numbers of Fusionize++. */
import { PUBLISHED_IOT, PUBLISHED_TREE } from "../../unit/optimizer/support/published.ts";
import { allPairs, heldOut, replay } from "../../unit/optimizer/support/replay.ts";
import { ms, percent, table, usd } from "./format.ts";

export function replayTable(): string {
  const predictions = replay();
  const rows = predictions.map(({ app, name, trained, latency, cost, latencyError, costError }) => {
    const published = (app === "iot" ? PUBLISHED_IOT : PUBLISHED_TREE).find((one) => one.name === name)!;
    return [
      `${app}: ${name}${trained ? " (trained on)" : ""}`,
      ms(published.latency),
      ms(latency),
      percent(latencyError, 1),
      usd(published.cost),
      usd(cost),
      percent(costError, 1),
    ];
  });
  const unseen = heldOut(predictions);
  const pairs = allPairs();
  const middle = pairs[Math.floor(pairs.length / 2)]!;
  return [
    table(["setup", "published ms", "predicted", "error", "published $", "predicted", "error"], rows),
    "",
    `Constants of \`iot\` were fitted to two of its setups, the first and the last of the papers' method; its six others are then off by ${percent(unseen.latency, 1)} in latency and ` +
      `${percent(unseen.cost, 1)} in cost on average. The choice of the pair matters: of all ${pairs.length} pairs, the middle one is off by ${percent(middle.latency, 1)} and ${percent(middle.cost, 1)}, ` +
      `the worst by ${percent(pairs.at(-1)!.latency, 1)} in latency (${pairs.at(-1)!.pair.join(" and ")}). \`tree\` was not fitted at all.`,
  ].join("\n");
}
