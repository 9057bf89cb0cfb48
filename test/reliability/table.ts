/** `docs/reliability.md` from the rows that the parts have left. */
import type { Outcome } from "./outcome.ts";

/** What one part left: when, on what, and its rows. One file each, so that a part can be repeated alone. */
export interface PartResult {
  part: string;
  /** Day of the run, YYYY-MM-DD. */
  date: string;
  long: boolean;
  /** Commit that was tried. */
  commit: string;
  machine: string;
  seconds: number;
  rows: Outcome[];
}

const HEADINGS: Record<Outcome["kind"], [heading: string, intro: string]> = {
  fault: [
    "Faults on this machine",
    "Injected for real: signals, a full file system, spoilt files, cut sockets, a clock that jumps.",
  ],
  aws: [
    "Faults of AWS, and of others beside us",
    "Injected between the deployer and its endpoint (`test/conformance/deploy/proxy.ts`), or done by a second client.",
  ],
  load: ["Load", "Memory bounds are of the emulator's own process, resident."],
  semantics: [
    "Inline and remote under fault",
    "The same request goes to the same app with its calls remote and inlined; what the caller sees is compared.",
  ],
  fuzz: [
    "Fuzzing",
    "Drawn inputs, and before them the corpus: every input that was ever interesting (`test/unit/fuzz/corpus`). One seed draws all inputs of a row.",
  ],
  security: ["Security", "One row for each threat of [the threat model](threat-model.md); its tests ran."],
  editor: ["Long run in VS Code", "Seeded commands and edits, one after the other without a pause, in VS Code itself."],
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");

function seeds({ tries, firstSeed, kind }: Outcome): string {
  if (firstSeed === undefined) return "–";
  return kind !== "fuzz" && tries > 1 ? `${firstSeed}–${firstSeed + tries - 1}` : String(firstSeed);
}

function rowOf(row: Outcome): string {
  const { fault, holds, tries, failed, seen, skipped } = row;
  if (skipped !== undefined) return `| ${cell(fault)} | ${cell(holds)} | 0 | – | – | not tried: ${cell(skipped)} |`;
  const red = failed === 0 ? "0" : `**${failed}**`;
  return `| ${cell(fault)} | ${cell(holds)} | ${tries.toLocaleString("en")} | ${seeds(row)} | ${red} | ${cell(seen)} |`;
}

/** @param parts of a long run each; those of short runs are marked. */
export function tableOf(parts: readonly PartResult[]): string {
  const rows = parts.flatMap((part) => part.rows);
  const tries = rows.reduce((sum, row) => sum + row.tries, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const minutes = parts.reduce((sum, part) => sum + part.seconds, 0) / 60;
  const lines = [
    "# Reliability",
    "",
    `What was tried, how often, and what happened: ${rows.length} kinds of trial, ${tries.toLocaleString("en")} tries, ${failed === 0 ? "none failed" : `**${failed} failed**`}.`,
    "",
    "Written by `npm run reliability -- --long`; `-- --long --part NAME` repeats one part and writes this page anew.",
    "`FUSIONIZE_SEED=N npx vitest run --project reliability` repeats one seed.",
    "",
  ];
  for (const [kind, [heading, intro]] of Object.entries(HEADINGS)) {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) continue;
    lines.push(`## ${heading}`, "", intro, "");
    lines.push(
      "| what was done | what must hold | tries | seeds | failed | seen in the last one |",
      "| --- | --- | ---: | --- | ---: | --- |",
    );
    lines.push(...own.map(rowOf), "");
  }
  lines.push("## Runs", "", `${minutes.toFixed(0)} minutes altogether.`, "");
  lines.push("| part | when | commit | machine | seconds |", "| --- | --- | --- | --- | ---: |");
  for (const { part, date, commit, machine, seconds, long } of parts)
    lines.push(`| ${part}${long ? "" : " (short form)"} | ${date} | ${commit} | ${cell(machine)} | ${seconds.toFixed(0)} |`);
  return `${lines.join("\n")}\n`;
}
