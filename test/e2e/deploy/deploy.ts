/**
 * Deploying from the palette, in the real VS Code with the packaged VSIX: the questions, the plan, consent, addresses, a sign-in that
 * has expired, a second release, the way back, and the end. The endpoint is the local emulator, behind a proxy that can refuse.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageVsix } from "../../../extension/dev/package.ts";
import { startEmulator } from "../../../extension/local/emulator.ts";
import { chooseNode } from "../../../extension/local/node.ts";
import { startProxy } from "../../conformance/deploy/proxy.ts";
import { walk } from "../journey/steps.ts";
import { themeSettings, Workbench } from "../journey/workbench.ts";
import type { Outcome } from "../outcome.ts";
import { openBrowser } from "../vscode/browser.ts";
import { installVsix } from "../vscode/install.ts";
import { startServer } from "../vscode/server.ts";
import { repository } from "../vscode/setup.ts";
import { deploySteps } from "./steps.ts";

export async function deployment(artifacts: string): Promise<Outcome[]> {
  const home = await mkdtemp(join(tmpdir(), "fusionize-deploy-"));
  const workspace = join(home, "shop");
  const code = join(home, "vscode");
  const emulator = await startEmulator({ node: await chooseNode({ runtime: "nodejs24.x" }), fidelity: "fast", port: 0 });
  const proxy = await startProxy(emulator.endpoint);
  try {
    await cp(join(repository, "test/e2e/workspaces/shop"), workspace, { recursive: true });
    await installVsix(await packageVsix({ out: join(home, "vsix") }), code);
    const aws = { AWS_CONFIG_FILE: join(home, "config"), AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials") };
    const server = await startServer({ home: code, settings: themeSettings, env: aws });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
      const workbench = new Workbench(page, artifacts);
      const steps = deploySteps({ workbench, url: server.url, workspace, endpoint: emulator.endpoint, proxy });
      return await walk(steps, async () => void (await page.screenshot({ path: join(artifacts, "deploy-failed.png") })));
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    await proxy.close();
    await emulator.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  }
}
