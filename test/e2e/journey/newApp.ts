/** “New app from the sample”: an empty window, the walkthrough, and nothing that it or the README does not name. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Step, eventually } from "./steps.ts";
import type { Workbench } from "./workbench.ts";

const sampleTasks = ["checkout", "payment", "price", "receipt", "render", "stock"];
/** ms. */
const patience = { window: 60_000, start: 120_000, workload: 120_000 };

export interface NewApp {
  workbench: Workbench;
  url: string;
  /** An empty folder. */
  parent: string;
}

export function newApp({ workbench, url, parent }: NewApp): Step[] {
  const { page, graph } = workbench;
  const folder = join(parent, "fusionize-sample");
  const scene = graph.locator("svg.graph .scene");
  const noError = async () => assert.deepEqual(await workbench.errors.allInnerTexts(), []);
  const deployed = graph.getByRole("menuitemradio", { name: "As deployed" });
  const menu = () => graph.getByRole("button", { name: "View", exact: true }).click();
  const looking = async () => {
    await menu();
    const view = await deployed.getAttribute("aria-checked");
    await page.keyboard.press("Escape");
    const transform = await scene.getAttribute("transform");
    const selected = await graph.locator('.header[aria-pressed="true"]').first().getAttribute("data-function");
    return { view, transform, selected };
  };

  return [
    {
      title: "new app: the walkthrough makes the sample in the folder that is named, and opens it",
      run: async () => {
        await page.goto(`${url}?ew=true`);
        await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: patience.window });
        await workbench.command("Welcome: Open Walkthrough...");
        await workbench.pick("Get Started with Fusionize");
        const start = page.locator(".getting-started-step").getByText("Create Sample App…");
        await start.waitFor({ timeout: patience.window });
        await graph.locator("svg text").first().waitFor();
        await workbench.picture("10-walkthrough");
        await start.click();
        const dialog = page.locator(".quick-input-widget").filter({ hasText: "fusionize-sample" });
        await dialog.waitFor();
        // It goes to the home folder first, and would write over what was typed before it got there.
        await dialog.locator(".monaco-list-row").first().waitFor();
        const path = dialog.locator("input.input");
        await eventually(async () => {
          await path.fill(parent);
          await dialog.locator(".monaco-list-row").first().waitFor({ timeout: 1000 });
          assert.equal((await path.inputValue()).replace(/[\\/]$/, ""), parent);
        }, patience.window);
        await dialog.locator(".monaco-button").filter({ hasText: "Create Here" }).click();
        await workbench.statusBar(/shop: 6 tasks/).waitFor({ timeout: patience.window });
        assert.ok(existsSync(join(folder, "fusionize.json")));
        await noError();
      },
    },
    {
      title: "new app: its call graph shows",
      run: async () => {
        await workbench.command("Fusionize: Open Call Graph");
        await eventually(async () => {
          const names = await graph
            .locator("[data-task]")
            .evaluateAll((rows) => [...new Set(rows.map((row) => row.getAttribute("data-task") ?? ""))].sort());
          assert.deepEqual(names, sampleTasks);
        }, patience.window);
        await noError();
      },
    },
    {
      title: "new app: it runs, and a workload measures it",
      run: async () => {
        await workbench.command("Fusionize: Run Locally");
        await workbench.reach(workbench.statusBar(/shop: running/), patience.start);
        await workbench.command("Fusionize: Run Workload");
        await workbench.pick(/requests at/);
        await workbench.reach(graph.locator(".summary .facts").filter({ hasText: "p50" }), patience.workload);
        await noError();
      },
    },
    {
      title: "new app: the trace of its slowest request shows",
      run: async () => {
        await workbench.command("Fusionize: Show Trace");
        await workbench.pick(/slowest/);
        await graph.locator(".waterfall svg.trace").waitFor();
        await workbench.picture("11-trace");
        await graph.getByRole("tab", { name: "Graph" }).click();
        await noError();
      },
    },
    {
      title: "new app: mode, selection and viewport are what they were after the window is loaded again",
      run: async () => {
        await menu();
        await deployed.click();
        await graph.locator('.header[data-function="checkout"]').first().click();
        for (let press = 0; press < 2; press += 1) await graph.getByRole("button", { name: "Zoom In" }).click();
        const left = await looking();
        assert.equal(left.selected, "checkout");
        assert.equal(left.view, "true");
        // The page goes and comes: what is seen until then is of the old one.
        const gone = page.waitForEvent("domcontentloaded", { timeout: patience.window });
        await workbench.command("Developer: Reload Window");
        await gone;
        await workbench.tab("Call Graph: shop").waitFor({ timeout: patience.window });
        await eventually(async () => assert.deepEqual(await looking(), left), patience.window);
        await workbench.statusBar(/shop: 6 tasks/).waitFor({ timeout: patience.window });
        await workbench.picture("12-reloaded");
        await noError();
      },
    },
  ];
}
