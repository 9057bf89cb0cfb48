/**
 * What a person does with Fusionize, in the real VS Code with the packaged VSIX, on the sample app `iot`: the call graph, a
 * local run, a workload, the suggestion accepted through the lightbulb, the numbers after it, the end of everything.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageVsix } from "../../../extension/dev/package.ts";
import type { Outcome } from "../outcome.ts";
import { openBrowser } from "../vscode/browser.ts";
import { installVsix } from "../vscode/install.ts";
import { startServer } from "../vscode/server.ts";
import { repository } from "../vscode/setup.ts";
import { mainJob } from "./mainJob.ts";
import { Followed } from "./processes.ts";
import { walk } from "./steps.ts";
import { themeSettings, Workbench } from "./workbench.ts";

export interface JourneyOptions {
  /** Fewer requests. */
  short: boolean;
}

/** Requests per second: one at a time on a small machine, so that the second measurement meets the same load as the first. */
const rate = 4;

export async function journey(artifacts: string, { short }: JourneyOptions): Promise<Outcome[]> {
  const home = await mkdtemp(join(tmpdir(), "fusionize-journey-"));
  // Inside the repository, and as deep as the original: its packages and the library's source are found from there.
  const workspace = join(repository, ".vscode-test", `journey-${process.pid}`, "iot");
  const settings = {
    "fusionize.workload.requests": short ? 30 : 100,
    "fusionize.workload.rate": rate,
    ...themeSettings,
    "editor.minimap.enabled": false,
  };
  try {
    await cp(join(repository, "test/apps/iot"), workspace, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
    });
    await installVsix(await packageVsix({ out: join(home, "vsix") }), join(home, "vscode"));
    // Recommended extensions aside, the window is as a user has it: no smoke test driver, trust asked for and given.
    const server = await startServer({ home: join(home, "vscode"), settings });
    const browser = await openBrowser();
    const followed = new Followed(server.pid);
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const workbench = new Workbench(page, artifacts);
    try {
      const steps = mainJob({
        workbench,
        url: server.url,
        workspace,
        followed,
        requests: settings["fusionize.workload.requests"],
      });
      const outcomes = await walk(steps, async () => {
        await page.screenshot({ path: join(artifacts, "failed.png") });
      });
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
