/** `fusionize run --target aws`: the same measurement of the app on AWS. Deploys what differs, after consent. */
import { changing, startAws } from "../../application/aws-run.ts";
import { estimateMonthly } from "../../application/estimate.ts";
import { completeChoice, keepChoice } from "../../application/targets.ts";
import type { App, WorkloadOptions } from "../../application/types.ts";
import { setupId } from "../../core/setup-id.ts";
import { resolveTarget } from "../../deployment/index.ts";
import type { Output } from "../output.ts";
import { dollars } from "../output.ts";
import { planText } from "../plan-text.ts";
import { choiceOf, consent } from "../target.ts";
import { UsageError, type Parsed } from "../usage.ts";
import { measurementText, refuseErrors } from "./run.ts";

export async function measureOnAws(
  app: App,
  workload: WorkloadOptions,
  options: Parsed["options"],
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<void> {
  if (options.fidelity !== undefined) throw new UsageError("--fidelity is of the emulator: it means nothing with --target aws.");
  const choice = await completeChoice(app, choiceOf(options));
  const target = await resolveTarget(choice);
  const work = { signal, progress: output.progress };
  const running = startAws({ ...app, setupId: setupId(app.setup) }, target);
  try {
    const plan = await running.plan(work);
    const estimate = await estimateMonthly(app, plan, { target: target.kind });
    output.text(planText(plan, target, estimate));
    const question = `Deploy, and send ${workload.requests} requests${workload.warmUp ? ` and ${workload.warmUp} to warm up` : ""}?`;
    await consent(question, options, signal);
    await keepChoice(app, choice);
    if (changing(plan.actions).length > 0) output.text("Deploying");
    await running.deploy({ ...work, consented: plan.actions });
    const { measurement, monitoring } = await running.workload({ ...workload, ...work });
    output.answer({ ...measurement, monitoring }, () =>
      [
        measurementText(app, measurement, app.setup),
        `monitoring ${dollars(monitoring.costPerMillion)} per million requests: ${monitoring.bytesPerRequest} bytes of records each`,
      ].join("\n"),
    );
    refuseErrors(measurement, "See the functions' logs.");
  } finally {
    await running.stop();
  }
}
