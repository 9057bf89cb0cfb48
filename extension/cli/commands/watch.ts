/** `fusionize watch`: each request on AWS with what it caused, as the logs arrive. */
import { assertUsable } from "../../application/app.ts";
import { watch } from "../../application/watch.ts";
import type { Trace } from "../../monitoring/index.ts";
import type { Run } from "../main.ts";
import { milliseconds } from "../output.ts";
import { chosenTarget, placeText } from "../target.ts";

/** Logs arrive late: what has just happened before is shown, too, ms. */
const BACK_MS = 10_000;

function view({ id, root, invocations, lost }: Trace) {
  const first = root ?? invocations[0];
  const billed = invocations.reduce((sum, { report }) => sum + (report?.billed ?? 0), 0);
  const error = first?.record.spans[0]?.error;
  return {
    trace: id,
    at: new Date(first?.record.start ?? 0).toISOString(),
    task: first?.record.function ?? "",
    duration: first?.record.duration ?? 0,
    invocations: invocations.length,
    coldStarts: invocations.filter(({ record }) => record.cold).length,
    billed,
    lost: lost.length,
    ...(error !== undefined && { error }),
  };
}

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const { app, target } = await chosenTarget(folder!, options);
  assertUsable(app);
  const { seconds } = options;
  const over = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  output.text(
    `${app.config.app} → ${placeText(target)}: ${app.functions.length} log groups, one call to each every 2 s at most.`,
  );
  let reads = 0;
  try {
    await watch(app, target, {
      from: Date.now() - BACK_MS,
      signal: over ? AbortSignal.any([signal, over]) : signal,
      onRead: (calls) => (reads = calls),
      onRequest: (trace) => {
        const seen = view(trace);
        const { at, task, duration, invocations, coldStarts, billed, lost, error } = seen;
        output.answer(seen, () =>
          [
            `${at.slice(11, 23)}  ${task}  ${milliseconds(duration)}`,
            `${invocations} invocations, billed ${milliseconds(billed)}`,
            ...(coldStarts > 0 ? [`${coldStarts} cold`] : []),
            ...(lost > 0 ? [`${lost} lost`] : []),
            ...(error !== undefined ? [error] : []),
          ].join("  "),
        );
      },
    });
  } catch (error) {
    if (!over?.aborted) throw error;
  }
  output.text(`${reads} calls to CloudWatch Logs; reading is free of charge.`);
};
