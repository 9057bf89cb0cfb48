/**
 * What a person does with Fusionize, in the real VS Code with the packaged VSIX, on the sample app `iot`: the call graph, a
 * local run, a workload, the suggestion accepted through the lightbulb, the numbers after it, the end of everything. And the
 * first minutes: from an empty window to an app of one's own that runs.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageVsix } from "../../../extension/dev/package.ts";
import type { Outcome } from "../outcome.ts";
import { openBrowser } from "../vscode/browser.ts";
import { installVsix } from "../vscode/install.ts";
import { startServer } from "../vscode/server.ts";
import { repository } from "../vscode/setup.ts";
import { iotTasks, mainJob } from "./mainJob.ts";
import { newApp } from "./newApp.ts";
import { Followed } from "./processes.ts";
import { type Step, walk } from "./steps.ts";
import { themeSettings, Workbench } from "./workbench.ts";

export interface JourneyOptions {
  /** Fewer requests. */
  short: boolean;
  /** Only the journey from an empty window to a new app. */
  onlyNew?: boolean;
}

/**
 * Load that a machine of two processors bears, so that the second measurement meets no queue that the first one left. The
 * short version makes the sample's CPU work smaller, and its functions large enough to start quickly, instead of leaving a step out.
 */
const loads = {
  short: { requests: 12, rate: 3, workScale: 0.05, memory: 512 },
  full: { requests: 100, rate: 1, workScale: 1, memory: undefined },
};

export async function journey(artifacts: string, { short, onlyNew = false }: JourneyOptions): Promise<Outcome[]> {
  const home = await mkdtemp(join(tmpdir(), "fusionize-journey-"));
  // Inside the repository, and as deep as the original: its packages and the library's source are found from there.
  const workspace = join(repository, ".vscode-test", `journey-${process.pid}`, "iot");
  const load = short ? loads.short : loads.full;
  const settings = {
    "fusionize.workload.requests": load.requests,
    "fusionize.workload.rate": load.rate,
    ...themeSettings,
    "editor.minimap.enabled": false,
  };
  try {
    await cp(join(repository, "test/apps/iot"), workspace, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
    });
    await prepare(workspace, load.workScale, load.memory);
    await installVsix(await packageVsix({ out: join(home, "vsix") }), join(home, "vscode"));
    // Recommended extensions aside, the window is as a user has it: no smoke test driver, trust asked for and given.
    const server = await startServer({ home: join(home, "vscode"), settings });
    const browser = await openBrowser();
    const followed = new Followed(server.pid);
    const parent = join(dirname(workspace), "new");
    await mkdir(parent);
    /** Each journey has a window of its own; both share the server and what it remembers, as a person's windows do. */
    const walked = async (stepsIn: (workbench: Workbench) => Step[]) => {
      const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
      const workbench = new Workbench(page, artifacts);
      const outcomes = await walk(stepsIn(workbench), async () => {
        await page.screenshot({ path: join(artifacts, "failed.png") });
        await workbench.command("Fusionize: Show Log");
        await page.locator(".part.panel .view-line").first().waitFor({ timeout: 5000 });
        await page.screenshot({ path: join(artifacts, "failed-log.png") });
      });
      await page.close();
      return outcomes;
    };
    try {
      const { url } = server;
      const outcomes = onlyNew ? [] : await walked((workbench) => mainJob({ workbench, url, workspace, followed, load }));
      outcomes.push(...(await walked((workbench) => newApp({ workbench, url, parent }))));
      await browser.close();
      await server.stop();
      outcomes.push(
        ...(await walk(
          [{ title: "journey: nothing is left when the window has closed", run: () => nothingLeft(followed) }],
          async () => {},
        )),
      );
      return outcomes;
    } finally {
      followed.stop();
      await browser.close();
      await server.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
    await rm(dirname(workspace), { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * The sample names a port, as a person would; a test takes a free one, since another program may use it. The amount of work
 * is a number in the sample's source.
 */
async function prepare(workspace: string, workScale: number, memory: number | undefined): Promise<void> {
  const edit = async (file: string, from: string, to: string) => {
    const text = await readFile(join(workspace, file), "utf8");
    if (!text.includes(from)) throw new Error(`${file} of the sample no longer says ${from}.`);
    await writeFile(join(workspace, file), text.replaceAll(from, to));
  };
  if ((await readFile(join(workspace, "fusionize.json"), "utf8")).includes("8000"))
    await edit("fusionize.json", "8000", "${port.dynamodb}");
  if (memory !== undefined) {
    const functions = Object.fromEntries(iotTasks.map((task) => [task, { memory }]));
    await edit("fusionize.json", '"goal": "balanced",', `"goal": "balanced",\n  "functions": ${JSON.stringify(functions)},`);
  }
  await edit("src/work.ts", '"FUSIONIZE_WORK_SCALE"] ?? 1', `"FUSIONIZE_WORK_SCALE"] ?? ${workScale}`);
}

/** ms that the last processes may take to notice that their parent has gone. */
const endWithin = 15_000;

async function nothingLeft(followed: Followed): Promise<void> {
  const deadline = Date.now() + endWithin;
  while (followed.living().length > 0) {
    if (Date.now() > deadline)
      throw new Error(
        `Still alive:\n${followed
          .living()
          .map(({ pid, command }) => `${pid} ${command}`)
          .join("\n")}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
