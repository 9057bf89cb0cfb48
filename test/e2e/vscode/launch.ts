/**
 * Stands in for the executable of desktop VS Code: takes the arguments that `@vscode/test-electron` gives it, runs the same
 * suite in VS Code's server and a headless browser, and ends with the suite's exit code. Anything else than the arguments
 * below is refused, so that a test never believes in an option that does nothing.
 */
import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openBrowser } from "./browser.ts";
import { startServer } from "./server.ts";

interface Launch {
  development: string;
  tests: string;
  folder: string | undefined;
  workspaceTrust: boolean;
  settings: Record<string, unknown>;
}

/** Given by test-electron or meant for desktop VS Code only; they change nothing here. */
const meaningless = new Set([
  "--no-sandbox",
  "--disable-gpu-sandbox",
  "--disable-updates",
  "--skip-welcome",
  "--skip-release-notes",
  "--disable-extensions",
]);

export function parseArguments(args: string[]): Launch {
  const launch: Launch = { development: "", tests: "", folder: undefined, workspaceTrust: false, settings: {} };
  let trustWanted = false;
  for (const arg of args) {
    const [, name = "", value = ""] = /^(?:(--[^=]*)(?:=|$))?(.*)$/s.exec(arg) ?? [];
    if (name === "--extensionDevelopmentPath") launch.development = resolve(value);
    else if (name === "--extensionTestsPath") launch.tests = resolve(value);
    // Its opposite is what test-electron always adds, so that a suite for untrusted workspaces has to win.
    else if (name === "--no-disable-workspace-trust") trustWanted = true;
    else if (name === "--disable-workspace-trust") launch.workspaceTrust = false;
    // Profile folders: this run has its own.
    else if (name === "--extensions-dir" || name === "--user-data-dir") continue;
    else if (name === "" && !launch.folder && existsSync(value)) launch.folder = resolve(value);
    else if (!meaningless.has(name)) throw new Error(`The launcher does not know the argument ${arg}.`);
  }
  launch.workspaceTrust = trustWanted;
  if (!launch.development || !launch.tests) throw new Error("--extensionDevelopmentPath and --extensionTestsPath are needed.");
  return launch;
}

/** ms for the whole suite: a hung editor must not hang the tests. */
const within = Number(process.env["FUSIONIZE_SUITE_TIMEOUT"] ?? 300_000);

export async function launch({ development, tests, folder, workspaceTrust }: Launch): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), "fusionize-vscode-"));
  const artifacts = process.env["FUSIONIZE_ARTIFACTS"] ?? tmpdir();
  // VS Code says much that is none of our business (no gallery, no native logger): kept for the day when it matters.
  const logFile = createWriteStream(join(artifacts, `suite-${process.env["FUSIONIZE_SUITE"] ?? "all"}.log`));
  const log = (line: string) => void logFile.write(`${line}\n`);
  const server = await startServer({ home, smokeTestDriver: true, workspaceTrust, log });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exit = Promise.withResolvers<number>();
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) =>
      log(`[${type}] ${args.map(String).join(" ")}`),
    );
    await page.exposeFunction("codeAutomationExit", (code: number) => exit.resolve(code));
    page.on("crash", () => exit.reject(new Error("The page of VS Code crashed.")));
    const remote = (path: string) => `vscode-remote://remote${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(development)],
      ["extensionTestsPath", remote(tests)],
      ["skipWelcome", "true"],
    ];
    const kind = folder?.endsWith(".code-workspace") ? "workspace" : "folder";
    const opened: Record<string, string> = folder ? { [kind]: folder } : { ew: "true" };
    const query = new URLSearchParams({ payload: JSON.stringify(payload), ...opened });
    await page.goto(`${server.url}?${query}`);
    const late = setTimeout(() => exit.reject(new Error(`The suite did not end within ${within / 1000} s.`)), within);
    try {
      return await exit.promise;
    } catch (error) {
      await page.screenshot({ path: join(artifacts, "suite-failed.png") }).catch(() => {});
      throw error;
    } finally {
      clearTimeout(late);
    }
  } finally {
    await browser.close();
    await server.stop();
    logFile.end();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await launch(parseArguments(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
