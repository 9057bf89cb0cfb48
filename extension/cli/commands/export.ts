/**
 * `fusionize export`: the setup as a template with the built bundles, for a pipeline that deploys by itself. No network. For
 * an existing application it is a fused copy of its own template, unless a format asks for the functions alone.
 */
import { join, relative, resolve } from "node:path";
import { assertUsable, loadApp } from "../../application/app.ts";
import { completeChoice } from "../../application/targets.ts";
import type { App } from "../../application/types.ts";
import { UserError } from "../../core/errors.ts";
import type { AppConfig } from "../../core/setup.ts";
import { createDeployer, resolveTarget } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { choiceOf } from "../target.ts";

/** The template names neither: whoever deploys the stack does. */
const ANY_REGION = "us-east-1";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const app = await loadApp(folder!);
  assertUsable(app);
  if (app.config.template !== undefined && options.format === undefined) {
    await beside(app, options, output, signal);
    return;
  }
  const { stage, role, urls, architecture } = await completeChoice(app, choiceOf(options));
  const target = await resolveTarget({
    region: ANY_REGION,
    env: {},
    ...(stage !== undefined && { stage }),
    ...(role !== undefined && { role }),
    ...(urls !== undefined && { urls }),
    ...(architecture !== undefined && { architecture }),
  });
  const { format = "sam" } = options;
  const out = options.out === undefined ? join(app.folder, "export") : resolve(options.out);
  const deployer = createDeployer();
  try {
    const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup: app.setup };
    const { template, files } = await deployer.export(deployable, target, { format, folder: out, signal });
    output.answer({ format, stage: target.stage, template, files }, () =>
      [
        `Written for stage ${target.stage}: ${relative(".", template)} and ${files.length - 1} bundles.`,
        format === "sam"
          ? `Deploy it: sam deploy --template-file ${relative(".", template)} --stack-name ${app.config.app}-${target.stage} --capabilities CAPABILITY_IAM --resolve-s3`
          : "Upload code/ to a bucket, and deploy the stack with the parameters CodeBucket and CodePrefix.",
      ].join("\n"),
    );
  } finally {
    await deployer.dispose();
  }
};

const DEPLOY_WITH = {
  sam: (template: string) => `sam build --template ${template} && sam deploy --guided`,
  cloudformation: (template: string) => `aws cloudformation package --template-file ${template} …, then deploy as before`,
  serverless: (template: string) => `serverless deploy --config ${template}`,
} as const;

/** What its own template says already. */
const OF_THE_TEMPLATE = ["stage", "role", "urls", "architecture"] as const;

async function beside(
  app: App & { config: AppConfig },
  options: Parameters<Run>[0]["options"],
  output: Parameters<Run>[1]["output"],
  signal: AbortSignal,
): Promise<void> {
  const given = OF_THE_TEMPLATE.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new UserError(
      "export-option",
      `--${given} has no effect on ${app.config.template}, which says so itself.`,
      "Leave it out, or ask for the functions alone with --format.",
    );
  }
  const target = await resolveTarget({ region: ANY_REGION, env: {} });
  const folder = options.out === undefined ? join(app.folder, "export") : resolve(options.out);
  const deployer = createDeployer();
  try {
    const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup: app.setup };
    const { kind, template, files, fused, kept } = await deployer.exportBeside(deployable, target, { folder, signal });
    output.answer({ format: kind, template, files, fused, kept }, () =>
      [
        `Written beside ${app.config.template}: ${relative(".", template)} and ${files.length - 1} bundles.`,
        ...(kept.length > 0 ? [`As they were, because no function of the app invokes them: ${kept.join(", ")}.`] : []),
        `Deploy it: ${DEPLOY_WITH[kind](relative(".", template))}`,
      ].join("\n"),
    );
  } finally {
    await deployer.dispose();
  }
}
