import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { operationsText } from "./report/markdown.ts";
import { callOperations } from "./report/operations.ts";

const kept = readFileSync(new URL("../../docs/emulator-conformance.md", import.meta.url), "utf8");

test("no operation of the two AWS clients fails on the emulator, and the kept report says what it answers", async () => {
  const rows = await callOperations();
  expect(rows.filter(({ result }) => result === "fail")).toEqual([]);
  expect(rows.find(({ service, operation }) => service === "Lambda" && operation === "Invoke")?.result).toBe("pass");
  // `npm run conformance` writes it anew.
  expect(kept).toContain(operationsText(rows));
});

test("the kept report has every file of the conformance suite; `npm run conformance` writes it anew, and fails when anything does", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^(?!deploy|report).*\.test\.ts$/.test(name));
  const missing = files.filter((file) => !kept.includes(`\n| ${file.replace(/\.test\.ts$/, "")} | `));
  expect(missing).toEqual([]);
});
