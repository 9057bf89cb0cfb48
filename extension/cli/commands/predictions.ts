/** `fusionize predictions`: every measured setup beside what the model had said of it before. */
import { loadApp } from "../../application/app.ts";
import { readPredictions } from "../../application/history.ts";
import { errorsOf } from "../../application/predictions.ts";
import type { Run } from "../main.ts";
import { dollars, milliseconds, percent, table } from "../output.ts";

export const run: Run = async ({ app: folder }, { output }) => {
  const predictions = (await readPredictions(await loadApp(folder!))).map((one) => ({ ...one, errors: errorsOf(one) }));
  output.answer({ predictions }, () => {
    if (predictions.length === 0) return "Nothing was predicted yet: measure one setup, then another.";
    const rows = predictions.map(({ at, setupId, learnedFrom, predicted, measured, errors, requests }) => [
      at.slice(0, 16).replace("T", " "),
      setupId,
      String(learnedFrom.length),
      String(requests),
      `${milliseconds(predicted.latency.mean)} / ${milliseconds(measured.latency.mean)}`,
      percent(errors.mean),
      percent(errors.p95),
      `${dollars(predicted.costPerMillion)} / ${dollars(measured.costPerMillion)}`,
      percent(errors.cost),
    ]);
    return table(rows, [
      "at",
      "setup",
      "learned from",
      "requests",
      "mean predicted / measured",
      "off",
      "p95 off",
      "$/million",
      "off",
    ]);
  });
};
