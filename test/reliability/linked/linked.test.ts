/** Table and threat model name tests by their titles: each must be there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LINKED } from "./faults.ts";
import { linkedRows, matches } from "./rows.ts";
import { threats } from "./threats.ts";

const ROOT = join(import.meta.dirname, "../../..");
const rows = threats();

test("every test that a row or a threat names is in its file", () => {
  const named = [...LINKED.flatMap(({ tests }) => tests), ...rows.flatMap(({ tests, inEditor }) => [...tests, ...inEditor])];
  expect(named.length).toBeGreaterThan(80);
  const missing = named.filter(({ file, title }) => {
    const path = join(ROOT, file);
    if (!existsSync(path)) return true;
    const text = readFileSync(path, "utf8");
    // A trial is told by its parts.
    const parts = file.startsWith("test/reliability/") ? title.split(": ") : [title];
    return !parts.every((part) => text.includes(part));
  });
  expect(missing).toEqual([]);
});

test("a title of test.each stands for all its rows, and for no other test", () => {
  expect(matches("refuses the path ../x", "refuses the path %j")).toBe(true);
  expect(matches("accepts the path ../x", "refuses the path %j")).toBe(false);
  expect(matches("a (b) [c]", "a (b) [c]")).toBe(true);
});

test("a renamed test makes its row red", () => {
  const found = linkedRows({ testResults: [] }, ROOT);
  expect(found.every(({ failed }) => failed > 0)).toBe(true);
  expect(found[0]?.seen).toContain("not found");
});

test("a threat without a test is refused", () => {
  expect(() => threats("| something bad | hope | nobody |")).toThrow("No test is named");
});
