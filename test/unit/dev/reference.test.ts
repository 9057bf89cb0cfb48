import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cliPage, editorPage, pages, setupKeys } from "../../../extension/dev/reference.ts";

it.each(Object.entries(pages()))("%s is current", (file, text) => {
  const committed = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  expect(committed.replaceAll("\r\n", "\n"), "run: npx node extension/dev/reference.ts").toBe(text);
});

it("names every option, setting and key, and leaves no text untranslated", () => {
  for (const option of ["--requests", "--canary-seconds", "--cold-start-ms"]) expect(cliPage()).toContain(option);
  expect(editorPage()).toMatch(/`fusionize\.workload\.rate` \| number above 0 to 1000 \| `2` \|/);
  expect(editorPage()).toContain("| Open Call Graph | `fusionize.openCallGraph` |");
  expect(editorPage()).not.toMatch(/%[\w.]+%/);
  for (const key of ["goal.latency.p95", "functions.*.inline", "constraints.memory.*.min"])
    expect(setupKeys()).toContain(`\`${key}\``);
});
