/** `fusionize policy`: the least that the user or role must be allowed that deploys this app's stage. */
import { deployerPolicyFor } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { chosenTarget } from "../target.ts";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const { app, target } = await chosenTarget(folder!, options);
  const { account, measure = false } = options;
  const policy = await deployerPolicyFor(app.config.app, target, { signal, measure, ...(account !== undefined && { account }) });
  output.answer(policy, () => JSON.stringify(policy, undefined, 2));
};
