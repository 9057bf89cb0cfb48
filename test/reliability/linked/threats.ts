/** The threat model's rows: `docs/threat-model.md` is read, so that page and table cannot tell different things. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Linked, TestName } from "./types.ts";

export const THREAT_MODEL = join(import.meta.dirname, "../../../docs/threat-model.md");

/** A test in the page: `test/file.test.ts` “title”, with more titles of the same file after it. */
const TEST = /`(test\/[^`]+\.ts)`((?:[,;]? ?“[^”]+”)+)/g;

function testsIn(cell: string): TestName[] {
  return [...cell.matchAll(TEST)].flatMap(([, file = "", titles = ""]) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => ({ file, title })),
  );
}

export interface Threat extends Linked {
  /** Tests that VS Code runs, not vitest. */
  inEditor: TestName[];
}

/** @throws when a threat names no test. */
export function threats(page: string = readFileSync(THREAT_MODEL, "utf8")): Threat[] {
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:threat|asset|---)/.test(line));
  return rows.flatMap((line) => {
    const [threat = "", stop = "", proof = "", ...more] = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    const all = testsIn(proof);
    if (more.length > 0 || all.length === 0) throw new Error(`No test is named for the threat: ${threat}`);
    const inEditor = all.filter(({ file }) => file.startsWith("test/e2e/"));
    const tests = all.filter((test) => !inEditor.includes(test));
    return tests.length === 0 ? [] : [{ kind: "security" as const, fault: threat, holds: stop, tests, inEditor }];
  });
}
