/** axe-core without findings, in every theme and view. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { iot, iotTrace } from "./fixtures.ts";
import { startHarness, type Harness, type Opened } from "./page.ts";
import { themes, type ThemeName } from "./themes.ts";

let harness: Harness;
let axe: string;

beforeAll(async () => {
  harness = await startHarness();
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
afterAll(() => harness.close());

/** The page's policy forbids foreign scripts, so axe runs through the debugger. */
async function findings({ page }: Opened): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() =>
    // This rule takes an SVG's <title>, the tooltip, for visible text; the test of names below checks what it is for.
    (Reflect.get(globalThis, "axe") as { run(options: object): Promise<AxeResults> }).run({
      rules: { "label-content-name-mismatch": { enabled: false } },
    }),
  );
  return results.violations.map(
    (each) =>
      `${each.id}: ${each.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary?.replaceAll("\n", " ").slice(0, 200)}`).join(" | ")}`,
  );
}

const acts: [string, (opened: Opened) => Promise<unknown>][] = [
  ["graph", async () => {}],
  [
    "graph with a selection, after",
    async ({ page }) => {
      await page.getByRole("button", { name: "After" }).click();
      await page.locator('.row[data-task="detectJam"]').click();
    },
  ],
  ["open menu", ({ page }) => page.getByRole("button", { name: "View" }).click()],
  ["front", ({ page }) => page.getByRole("tab", { name: "Front" }).click()],
  [
    "trace",
    async ({ page }) => {
      await page.getByRole("tab", { name: "Trace" }).click();
      await page.locator('.span[data-span="a0"]').click();
    },
  ],
];

it.each(acts)("%s has no findings in any theme, changed while it is open", async (name, act) => {
  const opened = await harness.open();
  try {
    await opened.show({ ...iot(), trace: iotTrace(), run: { state: "running" } });
    await act(opened);
    for (const theme of Object.keys(themes) as ThemeName[]) {
      await opened.theme(theme);
      await opened.screenshot(`axe ${theme} ${name}`);
      expect(await findings(opened), theme).toEqual([]);
    }
    expect(opened.problems).toEqual([]);
  } finally {
    await opened.page.context().close();
  }
});

it("names every function and task of the graph by the text it shows", async () => {
  const opened = await harness.open({ theme: "Dark Modern" });
  try {
    await opened.show(iot());
    await opened.drawn();
    const shown = await opened.page.evaluate(() =>
      [...document.querySelectorAll('svg.graph .stop[role="button"]')].map((stop) => ({
        text: stop.querySelector("text.name, text.title")?.textContent ?? "",
        name: stop.getAttribute("aria-label") ?? "",
      })),
    );
    expect(shown.length).toBe(20);
    for (const { text, name } of shown) for (const word of text.split(" · ")) expect(name).toContain(word);
  } finally {
    await opened.page.context().close();
  }
});
