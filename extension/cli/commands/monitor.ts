/** `fusionize monitor`: looks at a sample now and then, and says when it is time to optimise again. Changes nothing. */
import { monitorLocal, monitorTraffic, type MonitorOptions } from "../../application/scheduler/monitor.ts";
import type { SchedulerEvent } from "../../application/scheduler/scheduler.ts";
import { assertUsable, loadApp } from "../../application/app.ts";
import { startLocal } from "../../application/local-run.ts";
import type { Suggestion } from "../../optimizer/types.ts";
import type { Run } from "../main.ts";
import { dollars, milliseconds } from "../output.ts";
import { chosenTarget } from "../target.ts";
import { UsageError } from "../usage.ts";
import { DEFAULT_RATE, eventsOf } from "./run.ts";

const EVERY_S = 60;
const BLOCK = 20;
const OF_AWS = ["endpoint", "aws-profile", "region", "stage", "role"] as const;
const OF_LOCAL = ["task", "event", "rate", "fidelity"] as const;

export function eventText(event: SchedulerEvent): string | undefined {
  switch (event.kind) {
    case "looked": {
      const { look, phase } = event;
      const plan = phase === "all" ? "looking at every block" : "looking at few";
      return `${look.requests} requests: mean ${milliseconds(look.latency)}, ${dollars(look.cost * 1e6)} per million (${plan})`;
    }
    case "passed over":
      return undefined;
    case "put off":
      return `Put off: ${event.reason}`;
    case "void":
      return `Does not count: ${event.reason}`;
    case "new round":
      return `New round: ${event.reason}`;
  }
}

const roundText = (suggestion: Suggestion | undefined): string =>
  suggestion
    ? `Suggested: ${suggestion.title} Take it over with: fusionize accept <app>`
    : "Measured again: nothing is to be gained, the current setup stays.";

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const aws = options.target === "aws";
  const foreign = (aws ? OF_LOCAL : OF_AWS).find((name) => options[name] !== undefined);
  if (foreign) throw new UsageError(`--${foreign} means nothing with --target ${aws ? "aws" : "local"}.`);
  const app = await loadApp(folder!);
  assertUsable(app);
  const { seconds } = options;
  const over = seconds === undefined ? [] : [AbortSignal.timeout(seconds * 1000)];
  const until = AbortSignal.any([signal, ...over]);
  const document = (value: unknown): void => void (output.json && process.stdout.write(`${JSON.stringify(value)}\n`));
  const shared: MonitorOptions = {
    everyMs: (options.every ?? EVERY_S) * 1000,
    blockRequests: options.block ?? BLOCK,
    signal: until,
    onEvent(event) {
      const text = eventText(event);
      if (text !== undefined) output.text(text);
      document(event);
    },
    onRound(suggestion) {
      output.text(roundText(suggestion));
      document({ kind: "round", suggestion: suggestion ?? null });
    },
  };
  try {
    if (aws) {
      const { target } = await chosenTarget(folder!, options);
      return await monitorTraffic(app, target, shared);
    }
    const work = { signal, progress: output.progress };
    const running = await startLocal(app, {
      fidelity: options.fidelity ?? "aws",
      ...work,
      ...(process.env["FUSIONIZE_LOG"] && { log: output.text }),
    });
    try {
      await running.deploy(app, work);
      const workload = { rate: options.rate ?? DEFAULT_RATE, events: await eventsOf(app, options) };
      await monitorLocal(app, running, workload, shared);
    } finally {
      await running.stop();
    }
  } catch (error) {
    // `--seconds` is how it is meant to end; a signal from outside is too.
    if (!until.aborted) throw error;
  }
};
