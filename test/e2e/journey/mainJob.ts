/** The steps of the main job; each ends with what a person sees. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { type Followed, alive, canFollow } from "./processes.ts";
import { type Step, eventually } from "./steps.ts";
import type { Workbench } from "./workbench.ts";

export const iotTasks = [
  "actionSignage",
  "analyzeSensor",
  "checkAir",
  "checkSensor",
  "checkSound",
  "checkTemperature",
  "detectJam",
  "soundAccident",
  "soundTooLoud",
  "storeEvent",
];

/** ms. Starting bundles ten functions on whatever machine this is. */
const patience = { window: 30_000, start: 120_000, search: 120_000 };

/** More runs than this machine has processors for, twice over; never so where the load is not known. */
const overloaded = (): boolean => (loadavg()[0] ?? 0) > 2 * availableParallelism();

export interface Scene {
  workbench: Workbench;
  url: string;
  /** Absolute path of the copy of `iot`. */
  workspace: string;
  followed: Followed;
  /** Requests and requests per second of a workload. */
  load: { requests: number; rate: number };
}

export function mainJob({ workbench, url, workspace, followed, load }: Scene): Step[] {
  const { page } = workbench;
  /** p50 in ms by the panel's summary line, as a person reads it. */
  const shownLatency = async (): Promise<number> => {
    const text = await workbench.graph.locator(".summary .facts").innerText();
    const [, value, unit] = /p50\s+([\d.,]+)\s*(ms|s)\b/.exec(text) ?? [];
    assert.ok(value, `no p50 in “${text}”`);
    return Number(value.replaceAll(",", "")) * (unit === "s" ? 1000 : 1);
  };
  const measured = { before: 0, after: 0 };
  const noError = async () => {
    const errors = await workbench.errors.allInnerTexts();
    assert.deepEqual(errors, []);
  };
  const workload = patience.start + (load.requests / load.rate) * 3000;

  return [
    {
      title: "journey: the workspace opens, the status bar knows the app",
      run: async () => {
        await workbench.open(url, workspace);
        await workbench.statusBar(/iot: 10 tasks/).waitFor({ timeout: patience.window });
        await noError();
      },
    },
    {
      title: "journey: the call graph shows the ten tasks and their calls",
      run: async () => {
        await workbench.command("Fusionize: Open Call Graph");
        await workbench.tab("Call Graph: iot").waitFor();
        const rows = workbench.graph.locator("[data-task]");
        await eventually(async () => {
          const names = await rows.evaluateAll((all) =>
            [...new Set(all.map((row) => row.getAttribute("data-task") ?? ""))].sort(),
          );
          assert.deepEqual(names, iotTasks);
        }, patience.window);
        const entry = workbench.graph.getByRole("button", { name: /^Entry task analyzeSensor/ });
        const label = (await entry.getAttribute("aria-label")) ?? "";
        for (const callee of ["checkSensor", "storeEvent", "checkTemperature", "checkSound", "checkAir"])
          assert.match(label, new RegExp(callee));
        await workbench.picture("1-call-graph");
        await noError();
      },
    },
    {
      title: "journey: a task in the graph opens its source beside it",
      run: async () => {
        await workbench.graph.locator('[data-task="checkAir"]').first().dblclick();
        await workbench.tab("check-air.ts").waitFor();
        await page.locator(".editor-group-container.active .monaco-editor").first().waitFor();
        await workbench.tab("Call Graph: iot").waitFor();
        await workbench.picture("2-source");
        await workbench.command("View: Close Editor");
      },
    },
    {
      title: "journey: the app runs locally",
      run: async () => {
        await workbench.command("Fusionize: Run Locally");
        // The commands of local.services run only when they have been seen.
        await workbench.answer(/dynalite --port/, "Run Them");
        await workbench.reach(workbench.statusBar(/iot: running/), patience.start);
        await workbench.command("View: Show Fusionize");
        await page.locator(".pane-header").filter({ hasText: "Functions" }).waitFor();
        await workbench.picture("3-running");
        await noError();
      },
    },
    {
      title: "journey: a workload measures the base setup",
      run: async () => {
        await workbench.command("Fusionize: Run Workload");
        await workbench.pick(`${load.requests} requests at`);
        await workbench.reach(page.locator(".pane-body .monaco-list-row").filter({ hasText: "current setup" }).first(), workload);
        await workbench.tab("Call Graph: iot").click();
        await eventually(async () => void (measured.before = await shownLatency()), patience.window);
        await workbench.picture("4-measured");
        await noError();
      },
    },
    {
      title: "journey: a fusion is suggested, with its reason and numbers",
      run: async () => {
        await workbench.command("Fusionize: Suggest Fusion");
        // The panel is in sight and says it: a notification on top of it would say it twice.
        const banner = workbench.graph.locator(".banner");
        await workbench.reach(banner.getByRole("button", { name: "Accept" }), patience.search);
        assert.match(await banner.innerText(), /[\d.]+ ms\s*→\s*[\d.]+ ms[^]*\$[\d.]+\s*→\s*\$[\d.]+/);
        await workbench.statusBar("iot: running").locator(".codicon-lightbulb").waitFor();
        await workbench.picture("5-suggested");
        await noError();
      },
    },
    {
      title: "journey: the lightbulb on a task definition accepts it",
      run: async () => {
        await workbench.command("Go to File");
        await page.keyboard.insertText("analyze-sensor.ts");
        await workbench.pick("analyze-sensor.ts");
        const editor = page.locator(".editor-group-container.active .monaco-editor").first();
        await editor.locator(".squiggly-info").first().waitFor();
        await editor.locator(".view-line").getByText('"analyzeSensor"').click();
        const bulb = editor
          .locator("[class*='codicon-gutter-lightbulb'], .lightBulbWidget, [class*='codicon-light-bulb']")
          .first();
        await bulb.waitFor();
        await workbench.picture("6-lightbulb");
        await bulb.click();
        const action = page.locator(".action-widget .monaco-list-row").filter({ hasText: "Accept suggested fusion" });
        await action.waitFor();
        await workbench.picture("7-quick-fix");
        await action.click();
        const file = join(workspace, "fusionize.json");
        await eventually(() => assert.match(readFileSync(file, "utf8"), /"inline"/), patience.window);
        assert.match(readFileSync(file, "utf8"), /"dynalite --port/, "the rest of the file is as it was");
      },
    },
    {
      title: "journey: both setups are compared, and it is said which of them stays",
      run: async () => {
        const verdict = workbench.notification(
          /(Better: the new setup stays|Worse: rolled back|No difference: the old setup is kept)\./,
        );
        await workbench.reach(verdict, 2 * workload);
        const said = await verdict.first().innerText();
        assert.match(
          said,
          /p50 [\d.]+ ms → [\d.]+ ms, \$[\d.]+ → \$[\d.]+ per million requests \(\d+ pairs of blocks, \d+ requests, evidence/,
        );
        const file = readFileSync(join(workspace, "fusionize.json"), "utf8");
        if (overloaded() && !said.includes("Better")) {
          // Blocks of a saturated machine prove nothing: then the old setup is back.
          assert.doesNotMatch(file, /"inline"/);
          return;
        }
        // A fusion that halves the latency is found by a machine with something to spare.
        assert.match(said, /Better/);
        assert.match(file, /"inline"/);
        await workbench.tab("Call Graph: iot").click();
        await eventually(async () => {
          measured.after = await shownLatency();
          assert.notEqual(measured.after, measured.before);
        }, patience.window);
        assert.ok(measured.after < measured.before, `p50 ${measured.before} ms before, ${measured.after} ms after`);
        await workbench.graph
          .getByRole("button", { name: /^Function .*, [2-9] tasks/ })
          .first()
          .waitFor();
        await workbench.picture("8-accepted");
        await noError();
      },
    },
    {
      title: "journey: Stop ends every process of the run",
      run: async () => {
        const running = followed.living().filter(({ command }) => /emulator|dynalite|guard|instance/.test(command));
        if (canFollow) assert.ok(running.length > 0, "processes of the run are seen while it runs");
        await workbench.command("Fusionize: Stop");
        await workbench.statusBar(/iot: 10 tasks/).waitFor({ timeout: patience.window });
        await eventually(() => assert.deepEqual(running.filter(alive), []), patience.window);
        await workbench.picture("9-stopped");
        await noError();
      },
    },
  ];
}
