/** `npm start -- --headless`: the main job in the terminal, on a copy of a sample app, so that the checkout stays as it is. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { journey } from "../application/journey.ts";
import { acceptedText } from "../cli/commands/accept.ts";
import { graphText } from "../cli/commands/graph.ts";
import { measurementText } from "../cli/commands/run.ts";
import { createOutput, dollars, milliseconds, percent, table } from "../cli/output.ts";
import { UserError } from "../core/errors.ts";
import type { Measurement } from "../core/measurement.ts";
import { packageRoot } from "../local/locations.ts";

const { values } = parseArgs({
  options: {
    headless: { type: "boolean" },
    app: { type: "string", default: "iot" },
    requests: { type: "string", default: "100" },
    rate: { type: "string", default: "1" },
    cold: { type: "boolean", default: false },
    fidelity: { type: "string", default: "aws" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

function beforeAfter(before: Measurement, after: Measurement): string {
  const row = (name: string, of: (measurement: Measurement) => number, format: (value: number) => string): string[] => [
    name,
    format(of(before)),
    format(of(after)),
    percent(of(after) / of(before) - 1),
  ];
  return table(
    [
      row("median latency", (m) => m.latency.p50, milliseconds),
      row("mean latency", (m) => m.latency.mean, milliseconds),
      row("p95 latency", (m) => m.latency.p95, milliseconds),
      row("median inside the root function", (m) => m.internalLatency.p50, milliseconds),
      row("cost per million requests", (m) => m.costPerMillion, dollars),
      row("  the tasks' own time", (m) => m.cost.compute - m.cost.doubleBilled, dollars),
      row("  waiting, paid twice", (m) => m.cost.doubleBilled, dollars),
      row("  request fees", (m) => m.cost.requests, dollars),
      row("  INIT of cold starts", (m) => m.cost.init, dollars),
      row(
        "invocations per request",
        (m) => m.invocationsPerRequest,
        (value) => value.toFixed(2),
      ),
      row("cold starts", (m) => m.coldStarts, String),
      ["lost records", String(before.lostRecords), String(after.lostRecords), ""],
      ["errors", String(before.errors), String(after.errors), ""],
    ],
    ["", "before", "after", "change"],
  );
}

async function main(): Promise<void> {
  const output = createOutput(values.json);
  const cancel = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => cancel.abort(new UserError("cancelled", "Cancelled.")));
  const copy = join(packageRoot(), "test/artifacts/headless", values.app);
  await rm(copy, { recursive: true, force: true });
  await cp(join(packageRoot(), "test/apps", values.app), copy, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
  });
  const heading = (text: string): void => output.text(`\n── ${text} ${"─".repeat(Math.max(0, 100 - text.length))}`);
  const { before, suggestion, after, accepted } = await journey(
    copy,
    {
      requests: Number(values.requests),
      rate: Number(values.rate),
      cold: values.cold,
      fidelity: values.fidelity === "fast" ? "fast" : "aws",
      ...(values.seed !== undefined && { seed: Number(values.seed) }),
      signal: cancel.signal,
      progress: output.progress,
      ...(process.env["FUSIONIZE_LOG"] && { start: { log: output.text } }),
    },
    {
      found: (app) => (heading("Call graph"), output.text(graphText(app))),
      measured(app, measurement, which) {
        heading(which === "before" ? "Measured: base setup" : "Measured: after accepting the suggestion");
        output.text(measurementText(app, measurement, app.setup));
      },
      compared(accepted) {
        heading("Accepted, and compared with the setup before");
        output.text(acceptedText(accepted));
      },
      suggested(_app, found, { notes }) {
        heading("Suggested fusion");
        for (const note of notes) output.text(`note: ${note}`);
        if (!found) return output.text("Nothing is to be gained: the current setup stays.");
        output.text(`${found.title}\n${[...found.reasons, ...found.flips].map((reason) => `  – ${reason}`).join("\n")}`);
        output.text(
          `Expected: median latency ${milliseconds(found.current.latency.p50)} → ${milliseconds(found.expected.latency.p50)}, ` +
            `cost ${dollars(found.current.costPerMillion)} → ${dollars(found.expected.costPerMillion)} per million requests`,
        );
        output.text(`Setup ${JSON.stringify(found.setup)}`);
      },
    },
  );
  if (after) {
    heading("Before and after");
    output.text(beforeAfter(before, after));
  }
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ before, suggestion: suggestion ?? null, after: after ?? null, acceptance: accepted?.acceptance ?? null })}\n`,
    );
}

main().catch((error: unknown) => {
  if (error instanceof UserError) process.stderr.write(`${error.message}${error.action ? `\n→ ${error.action}` : ""}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
