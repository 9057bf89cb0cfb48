/** `fusionize destroy`: everything of the stage goes; what stays is listed. */
import { destroy } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { actionLines } from "../plan-text.ts";
import { chosenTarget, consent, placeText } from "../target.ts";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const { app, target } = await chosenTarget(folder!, options);
  const { logs = false } = options;
  const name = app.config.app;
  const what = logs ? "everything, logs included," : "everything";
  await consent(`Remove ${what} of ${name} (${placeText(target)})?`, options, signal);
  const actions = await destroy(name, target, { signal, progress: output.progress, logs });
  const { region, stage, endpoint } = target;
  const kept = actions.filter(({ kind }) => kind === "keep").length;
  output.answer({ region, stage, endpoint, actions }, () =>
    [
      `${name} → ${placeText(target)}`,
      ...actionLines(actions),
      kept === 0 ? "Nothing is left." : `${kept} left${logs ? "" : "; --logs deletes the logs, too"}.`,
    ].join("\n"),
  );
};
