/** `fusionize releases`: what is deployed, and what a roll-back can return to. */
import { listReleases } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { table } from "../output.ts";
import { chosenTarget, placeText } from "../target.ts";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const { app, target } = await chosenTarget(folder!, options);
  const releases = await listReleases(app.config.app, target, { signal });
  const { region, stage, endpoint } = target;
  output.answer({ region, stage, endpoint, releases }, () => {
    if (releases.length === 0) return `Nothing of ${app.config.app} is deployed: ${placeText(target)}.`;
    const rows = releases.map(({ name, live, complete, functions, setupId, at }) => [
      `${live ? "●" : " "} ${name}`,
      String(functions),
      setupId ?? "–",
      at ?? "–",
      complete ? "" : "cut off",
    ]);
    return `${app.config.app} → ${placeText(target)}\n${table(rows, ["  release", "functions", "setup", "deployed", ""])}`;
  });
};
