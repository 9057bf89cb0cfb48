/** `fusionize accept`: take the suggested setup over, compare it with the old one side by side, and go back unless it is better. */
import { acceptGuarded, type Accepted } from "../../application/acceptance/accept-guarded.ts";
import { awsStage, localStage } from "../../application/acceptance/stages.ts";
import { evidenceOf, FILE_WORDS, VERDICT_WORDS } from "../../application/acceptance/words.ts";
import { writeSetup } from "../../application/accept.ts";
import { assertUsable, loadApp } from "../../application/app.ts";
import { startLocal } from "../../application/local-run.ts";
import { errorsOf } from "../../application/predictions.ts";
import { measuredProfile, optimizeApp } from "../../application/suggest.ts";
import type { App } from "../../application/types.ts";
import { UserError } from "../../core/errors.ts";
import { setupId } from "../../core/setup-id.ts";
import type { FusionSetup } from "../../core/setup.ts";
import type { Run } from "../main.ts";
import { dollars, milliseconds, percent, table, type Output } from "../output.ts";
import { chosenTarget, consent, placeText } from "../target.ts";
import { AWS_ONLY, UsageError, type Parsed } from "../usage.ts";
import { parseGoal } from "./optimize.ts";
import { DEFAULT_RATE, eventsOf, setupOf } from "./run.ts";

type Options = Parsed["options"];

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const foreign = options.target === "aws" ? undefined : AWS_ONLY.find((name) => name !== "yes" && options[name] !== undefined);
  if (foreign) throw new UsageError(`--${foreign} needs --target aws.`);
  const app = await loadApp(folder!);
  assertUsable(app);
  const next = await chosen(app, options, output);
  if (!next) return output.answer({ verdict: null }, () => "Nothing is to be gained: the current setup stays.");
  if (setupId(next) === app.setupId) throw new UserError("same-setup", "fusionize.json holds this setup already.");
  const shared = {
    events: await eventsOf(app, options),
    rate: options.rate ?? DEFAULT_RATE,
    ...(options.requests !== undefined && { mostRequests: options.requests }),
    ...(options.block !== undefined && { blockRequests: options.block }),
    ...(options.goal !== undefined && { goal: parseGoal(options.goal) }),
    ...(options.seed !== undefined && { seed: options.seed }),
    signal,
    progress: output.progress,
  };
  output.text("The new setup is written to fusionize.json now; unless it proves better, the old one is written back.");
  const file = {
    current: async () => (await loadApp(folder!)).setup,
    write: async (setup: FusionSetup) => writeSetup(await loadApp(folder!), setup),
  };
  const work = { signal, progress: output.progress };
  let accepted: Accepted;
  if (options.target === "aws") {
    const { target } = await chosenTarget(folder!, options);
    await consent(`Deploy both setups to ${placeText(target)}, and send requests to both at once?`, options, signal);
    const stage = awsStage(target);
    try {
      await file.write(next);
      accepted = await acceptGuarded(app, next, stage, file, shared);
    } finally {
      await stage.stop();
    }
  } else {
    const running = await startLocal(app, {
      fidelity: options.fidelity ?? "aws",
      ...work,
      ...(process.env["FUSIONIZE_LOG"] && { log: output.text }),
    });
    try {
      await file.write(next);
      accepted = await acceptGuarded(app, next, localStage(running), file, shared);
    } finally {
      await running.stop();
    }
  }
  output.answer(documentOf(accepted), () => acceptedText(accepted));
};

/** The setup of --setup, else the suggestion; undefined when nothing is to be gained. */
async function chosen(app: App, options: Options, output: Output): Promise<FusionSetup | undefined> {
  if (options.setup !== undefined) return setupOf(app, options.setup);
  const { profile } = await measuredProfile(app, options.target ?? "local");
  const { suggestion } = optimizeApp(app, profile, {
    ...(options.goal !== undefined && { goal: parseGoal(options.goal) }),
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  if (suggestion) output.text(suggestion.title);
  return suggestion?.setup;
}

function documentOf({ acceptance, comparison, measurements, prediction, file }: Accepted): unknown {
  const { verdict, fresh, voids, requests } = comparison;
  return {
    ...acceptance,
    evidence: verdict.evidence,
    effect: fresh ?? null,
    voids,
    requests,
    measurements,
    prediction: prediction ? { ...prediction, errors: errorsOf(prediction) } : null,
    file,
  };
}

export function acceptedText(accepted: Accepted): string {
  const { acceptance, comparison, measurements, prediction, file } = accepted;
  const { old, new: next } = measurements;
  const row = (name: string, a: number, b: number, format: (value: number) => string) => [
    name,
    format(a),
    format(b),
    percent(b / a - 1),
  ];
  const lines = [
    VERDICT_WORDS[acceptance.verdict],
    ...evidenceOf(accepted).map((line) => `  ${line}`),
    "",
    table(
      [
        row("mean latency", old.latency.mean, next.latency.mean, milliseconds),
        row("p50 latency", old.latency.p50, next.latency.p50, milliseconds),
        row("p95 latency", old.latency.p95, next.latency.p95, milliseconds),
        row("cost per million requests", old.costPerMillion, next.costPerMillion, dollars),
      ],
      ["", "old", "new", "change"],
    ),
  ];
  if (comparison.fresh) {
    const { latency, cost } = comparison.fresh;
    lines.push(`Measured after the decision: latency ${percent(latency)}, cost ${percent(cost)}.`);
  }
  if (prediction) {
    const errors = errorsOf(prediction);
    const { predicted } = prediction;
    lines.push(
      `Predicted: mean ${milliseconds(predicted.latency.mean)} (${percent(errors.mean)} off), p95 ${milliseconds(predicted.latency.p95)} ` +
        `(${percent(errors.p95)}), cost ${dollars(predicted.costPerMillion)} (${percent(errors.cost)}).`,
    );
  }
  return [...lines, FILE_WORDS[file]].join("\n");
}
