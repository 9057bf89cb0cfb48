/** `npm run reliability`: runs every trial (`-- --long` the long numbers) and writes `docs/reliability.md` from what happened. */
import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeMachine } from "../bench/harness/machine.ts";
import { OUTCOMES, type Outcome } from "./trial.ts";

const ROOT = join(import.meta.dirname, "../..");
const HEADINGS: Record<Outcome["kind"], string> = {
  fault: "Faults",
  load: "Load",
  semantics: "Inline and remote under fault",
};

export function tableOf(outcomes: readonly Outcome[], when: string): string {
  const parts = [
    "# Reliability",
    "",
    `What was tried, how often, and what happened. Written by \`npm run reliability -- --long\`; ${when}. Each trial has a seed; \`FUSIONIZE_SEED=N npx vitest run --project reliability\` repeats one.`,
    "",
  ];
  for (const [kind, heading] of Object.entries(HEADINGS)) {
    const own = outcomes.filter((outcome) => outcome.kind === kind);
    if (own.length === 0) continue;
    parts.push(
      `## ${heading}`,
      "",
      "| what was done | what must hold | tries (seeds) | failed | seen in the last one |",
      "| --- | --- | ---: | ---: | --- |",
    );
    for (const { fault, holds, tries, failed, firstSeed, seen } of own) {
      const seeds = tries > 1 ? `${tries} (${firstSeed}–${firstSeed + tries - 1})` : `1 (${firstSeed})`;
      parts.push(`| ${fault} | ${holds} | ${seeds} | ${failed === 0 ? "0" : `**${failed}**`} | ${seen} |`);
    }
    parts.push("");
  }
  return parts.join("\n");
}

async function main(): Promise<void> {
  const long = process.argv.includes("--long");
  await rm(OUTCOMES, { force: true });
  const child = spawn(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--project", "reliability"], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, FUSIONIZE_LONG: long ? "1" : "" },
  });
  const code = await new Promise<number>((resolve) => child.once("exit", (value) => resolve(value ?? 1)));
  const lines = (await readFile(OUTCOMES, "utf8")).split("\n").filter(Boolean);
  const { cores, cpu, commit, node } = describeMachine();
  const when = `on ${new Date().toISOString().slice(0, 10)}, ${cores} × ${cpu}, Node ${node}, commit ${commit}${long ? "" : ", short form"}`;
  const text = tableOf(
    lines.map((line) => JSON.parse(line) as Outcome),
    when,
  );
  const file = long ? join(ROOT, "docs/reliability.md") : join(ROOT, "test/artifacts/reliability.md");
  await writeFile(file, text);
  process.stdout.write(`Written: ${file}\n`);
  process.exitCode = code;
}

if (import.meta.main) await main();
