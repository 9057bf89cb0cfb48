/** `fusionize rollback`: clients return to an earlier release; one call for each entry, no upload. */
import { rollback } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { actionLines } from "../plan-text.ts";
import { chosenTarget, consent, placeText } from "../target.ts";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const { app, target } = await chosenTarget(folder!, options);
  const { to } = options;
  const name = app.config.app;
  await consent(`Return ${name} (${placeText(target)}) to ${to ?? "the release before"}?`, options, signal);
  const result = await rollback(name, target, { signal, progress: output.progress, ...(to !== undefined && { to }) });
  const { region, stage, endpoint } = target;
  output.answer({ region, stage, endpoint, ...result }, () =>
    [`Release ${result.release} is live: ${placeText(target)}.`, ...actionLines(result.actions)].join("\n"),
  );
};
