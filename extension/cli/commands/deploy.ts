/** `fusionize plan` and `deploy`: against AWS, or any Lambda endpoint. Nothing happens before consent. */
import { assertUsable } from "../../application/app.ts";
import { changing } from "../../application/aws-run.ts";
import { estimateMonthly } from "../../application/estimate.ts";
import { keepChoice } from "../../application/targets.ts";
import { createDeployer, type DeployOptions, type Deployment } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { planText } from "../plan-text.ts";
import { chosenTarget, consent, placeText } from "../target.ts";
import { UsageError, type Parsed } from "../usage.ts";

const CANARY_SECONDS = 300;

/** @throws UsageError for options of a canary without one. */
export function canaryOf(options: Parsed["options"]): Pick<DeployOptions, "canary"> {
  const { canary: share, tolerated } = options;
  const seconds = options["canary-seconds"];
  if (share === undefined) {
    if (seconds !== undefined || tolerated !== undefined) throw new UsageError("--canary-seconds and --tolerated need --canary.");
    return {};
  }
  return { canary: { share, seconds: seconds ?? CANARY_SECONDS, ...(tolerated !== undefined && { tolerated }) } };
}

/** Versions, aliases and URLs by function and task. */
export function deploymentView({ functions, entries }: Deployment) {
  return {
    versions: Object.fromEntries(functions.map(({ functionName, version }) => [functionName, version])),
    aliases: Object.fromEntries(
      Object.entries(entries).map(([task, { functionName, qualifier }]) => [task, `${functionName}:${qualifier}`]),
    ),
    urls: Object.fromEntries(Object.entries(entries).flatMap(([task, { url }]) => (url ? [[task, url]] : []))),
  };
}

export const run: Run = async ({ command, app: folder, options }, { output, signal }) => {
  const canary = canaryOf(options);
  const { app, choice, target } = await chosenTarget(folder!, options);
  assertUsable(app);
  const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup: app.setup };
  const keepReleases = options["keep-releases"];
  const work = { signal, progress: output.progress, ...(keepReleases !== undefined && { keepReleases }) };
  const requestsPerMonth = options["requests-per-month"];
  output.progress(`Planning ${app.config.app} → ${placeText(target)}`);
  const deployer = createDeployer();
  try {
    const plan = await deployer.plan(deployable, target, work);
    const estimate = await estimateMonthly(app, plan, {
      target: target.kind,
      ...(requestsPerMonth !== undefined && { requestsPerMonth }),
    });
    const { profile } = target;
    const where = { account: plan.account, region: target.region, stage: target.stage, profile, endpoint: target.endpoint };
    if (command === "plan") return output.answer({ ...plan, ...where, estimate }, () => planText(plan, target, estimate));
    output.text(planText(plan, target, estimate));
    if (changing(plan.actions).length > 0) await consent("Deploy?", options, signal);
    await keepChoice(app, choice);
    const deployment = await deployer.deploy(deployable, target, { ...work, ...canary, consented: plan.actions });
    const { actions, release, setupId } = deployment;
    const { versions, aliases, urls } = deploymentView(deployment);
    output.answer({ ...where, actions, release, setupId, versions, aliases, urls, estimate }, () =>
      [
        `Release ${release} is live: ${placeText(target, plan.account)}.`,
        ...Object.entries(aliases).map(([task, alias]) => `  ${task}  ${urls[task] ?? alias}`),
      ].join("\n"),
    );
  } finally {
    await deployer.dispose();
  }
};
