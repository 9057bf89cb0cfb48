/** Rows of the table that tests of other layers prove: what vitest says of the tests they name becomes tries and failures. */
import { relative } from "node:path";
import type { Outcome } from "../outcome.ts";
import { LINKED } from "./faults.ts";
import { threats } from "./threats.ts";
import type { Linked, TestName } from "./types.ts";

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  testResults: {
    name: string;
    assertionResults: { title: string; fullName: string; status: string; duration?: number | null; failureMessages?: string[] }[];
  }[];
}

type Result = VitestReport["testResults"][number]["assertionResults"][number];

/** A title in a file; one of `test.each` stands for all its rows, with what is drawn left out. */
export function matches(title: string, wanted: string): boolean {
  const parts = wanted.split(/%[a-z#]/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`).test(title);
}

function resultsOf({ file, title }: TestName, report: VitestReport, root: string): Result[] {
  const own = report.testResults.filter(({ name }) => relative(root, name).replaceAll("\\", "/") === file);
  return own.flatMap(({ assertionResults }) => assertionResults.filter((result) => matches(result.title, title)));
}

function rowOf({ kind, fault, holds, tests }: Linked, report: VitestReport, root: string): Outcome {
  const found = tests.map((name) => ({ name, results: resultsOf(name, report, root) }));
  const all = found.flatMap(({ results }) => results);
  const ran = all.filter(({ status }) => status === "passed" || status === "failed");
  // A test that has been renamed proves nothing any more.
  const missing = found.filter(({ results }) => results.length === 0).map(({ name }) => `${name.file} “${name.title}”`);
  const failed = ran.filter(({ status }) => status === "failed").length + missing.length;
  const seconds = ran.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000;
  const where = [...new Set(tests.map(({ file }) => `\`${file}\``))].join(", ");
  const seen = missing.length > 0 ? `not found: ${missing.join("; ")}` : where;
  const row = { kind, fault, holds, tries: ran.length, failed, seen, seconds: Math.round(seconds * 10) / 10 };
  return ran.length === 0 && missing.length === 0 ? { ...row, skipped: `${where} cannot run on this machine` } : row;
}

export function linkedRows(report: VitestReport, root: string): Outcome[] {
  return [...LINKED, ...threats()].map((linked) => rowOf(linked, report, root));
}
