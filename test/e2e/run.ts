/**
 * `node test/e2e/run.ts suite [--part NAME] [--grep TEXT] | journey [--short] | new-app | deploy | random [--minutes N]`: the tests inside VS Code. The last
 * line counts them. What cannot run on this machine is skipped with its reason; with CI=true it is a failure.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deployment } from "./deploy/deploy.ts";
import { journey } from "./journey/journey.ts";
import { suite } from "./suite.ts";
import type { Outcome } from "./outcome.ts";
import { Missing, repository } from "./vscode/setup.ts";

const options = {
  minutes: { type: "string" },
  short: { type: "boolean" },
  part: { type: "string" },
  grep: { type: "string" },
} as const;
const usage =
  "Usage: node test/e2e/run.ts suite [--part NAME] [--grep TEXT] | journey [--short] | new-app | deploy | random [--minutes N]";

function given() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

const {
  values: { short = false, part: only, grep, minutes = "10" },
  positionals: [what, ...more],
} = given();
const parts: Record<string, () => Promise<Outcome[]>> = {
  suite: () => suite(artifacts, { ...(only && { part: only }), ...(grep && { grep }) }),
  journey: () => journey(artifacts, { short }),
  "new-app": () => journey(artifacts, { short: true, onlyNew: true }),
  deploy: () => deployment(artifacts),
  random: () => {
    process.env["FUSIONIZE_RANDOM_MINUTES"] = minutes;
    process.env["FUSIONIZE_SUITE_TIMEOUT"] = String((Number(minutes) + 6) * 60_000);
    return suite(artifacts, { part: "random" });
  },
};
const part = parts[what ?? ""];
if (!part || more.length > 0) {
  console.error(usage);
  process.exit(2);
}
const artifacts = join(repository, "test/artifacts/e2e");
await mkdir(artifacts, { recursive: true });

let outcomes: Outcome[];
try {
  outcomes = await part();
} catch (error) {
  if (error instanceof Missing) {
    const state = process.env["CI"] === "true" ? "failed" : "skipped";
    outcomes = [{ title: `VS Code: ${what}`, state, error: error.message }];
  } else {
    outcomes = [
      {
        title: `VS Code: ${what}`,
        state: "failed",
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
    ];
  }
}

const marks = { passed: "✓", failed: "✗", skipped: "–" };
for (const { title, state, error, ms } of outcomes) {
  console.log(`${marks[state]} ${title}${ms === undefined ? "" : ` (${ms} ms)`}`);
  if (error) console.log(error.replace(/^/gm, "    "));
}
const count = (state: Outcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
console.log(`${count("passed")} passed, ${count("failed")} failed${skipped}`);
process.exit(count("failed") > 0 ? 1 : 0);
