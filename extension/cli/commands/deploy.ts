/** `fusionize plan`, `deploy`, `rollback`, `destroy`: against AWS, or any Lambda endpoint. Nothing happens before consent. */
import { createInterface } from "node:readline/promises";
import { assertUsable, loadApp } from "../../application/app.ts";
import type { App } from "../../application/types.ts";
import { UserError } from "../../core/errors.ts";
import { createDeployer, destroy, resolveTarget, rollback, type Action, type Plan, type Target } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import type { Output } from "../output.ts";
import type { Parsed } from "../usage.ts";

const SIGNS: Record<Action["kind"], string> = { create: "+", update: "~", delete: "-", keep: " " };

const actionLines = (actions: Action[]): string[] =>
  actions.map(({ kind, resource, reason }) => `${SIGNS[kind]} ${kind.padEnd(6)} ${resource}  (${reason})`);

export function planText(plan: Plan): string {
  const where = [plan.account && `account ${plan.account}`, plan.region, `stage ${plan.stage}`].filter(Boolean).join(", ");
  const changes = plan.actions.filter(({ kind }) => kind !== "keep").length;
  return [
    `${plan.app} → ${where}`,
    ...actionLines(plan.actions),
    changes === 0 ? "Nothing to change." : `${changes} changes.`,
  ].join("\n");
}

async function targetOf(options: Parsed["options"]): Promise<Target> {
  const { endpoint, region, stage } = options;
  const profile = options["aws-profile"];
  return resolveTarget({
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(stage && { stage }),
    ...(profile && { profile }),
  });
}

/** @throws UserError `no-consent` when it is not given, or nobody can be asked. */
async function consent(question: string, options: Parsed["options"], signal: AbortSignal): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY)
    throw new UserError("no-consent", "Nothing was changed: nobody could be asked.", "Pass --yes to go on without asking.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("no-consent", "Nothing was changed.");
  } finally {
    terminal.close();
  }
}

async function planOrDeploy(
  app: App,
  target: Target,
  { command, options }: Parsed,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  assertUsable(app);
  const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup: app.setup };
  const work = { signal, progress: output.progress };
  const deployer = createDeployer();
  try {
    const plan = await deployer.plan(deployable, target, work);
    if (command === "plan") return output.answer(plan, () => planText(plan));
    output.text(planText(plan));
    await consent("Deploy?", options, signal);
    const deployment = await deployer.deploy(deployable, target, work);
    const { actions, release, setupId, functions, entries } = deployment;
    const versions = Object.fromEntries(functions.map(({ functionName, version }) => [functionName, version]));
    const urls = Object.fromEntries(Object.entries(entries).flatMap(([task, { url }]) => (url ? [[task, url]] : [])));
    const aliases = Object.fromEntries(
      Object.entries(entries).map(([task, entry]) => [task, `${entry.functionName}:${entry.qualifier}`]),
    );
    output.answer({ actions, release, setupId, versions, aliases, urls }, () =>
      [
        `Release ${release} is live.`,
        ...Object.entries(aliases).map(([task, alias]) => `  ${task}  ${urls[task] ?? alias}`),
      ].join("\n"),
    );
  } finally {
    await deployer.dispose();
  }
}

export const run: Run = async (parsed, { output, signal }) => {
  const { command, app: folder, options } = parsed;
  const app = await loadApp(folder!);
  if (!app.config) assertUsable(app);
  const target = await targetOf(options);
  const name = app.config!.app;
  const work = { signal, progress: output.progress };
  if (command === "plan" || command === "deploy") return planOrDeploy(app, target, parsed, output, signal);
  if (command === "rollback") {
    await consent(`Return ${name}, stage ${target.stage}, to the release before?`, options, signal);
    const result = await rollback(name, target, work);
    return output.answer(result, () => actionLines(result.actions).join("\n"));
  }
  await consent(`Remove everything of ${name}, stage ${target.stage}?`, options, signal);
  const actions = await destroy(name, target, work);
  output.answer({ actions }, () => actionLines(actions).join("\n"));
};
