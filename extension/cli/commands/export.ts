/** `fusionize export`: the setup as a template with the built bundles, for a pipeline that deploys by itself. No network. */
import { join, relative, resolve } from "node:path";
import { assertUsable, loadApp } from "../../application/app.ts";
import { completeChoice } from "../../application/targets.ts";
import { createDeployer, resolveTarget } from "../../deployment/index.ts";
import type { Run } from "../main.ts";
import { choiceOf } from "../target.ts";

/** The template names neither: whoever deploys the stack does. */
const ANY_REGION = "us-east-1";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const app = await loadApp(folder!);
  assertUsable(app);
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
