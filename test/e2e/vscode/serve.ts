/**
 * `node test/e2e/vscode/serve.ts <folder>`: VS Code from npm with the packaged extension on a folder, in the browser. Prints
 * the address; ends with an interrupt. Settings and state stay in `.vscode-test/start` between starts.
 */
import { join, resolve } from "node:path";
import { packageVsix } from "../../../extension/dev/package.ts";
import { installVsix } from "./install.ts";
import { startServer } from "./server.ts";
import { Missing, repository } from "./setup.ts";

const folder = resolve(process.argv[2] ?? join(repository, "test/apps/iot"));
const home = join(repository, ".vscode-test/start");

try {
  console.log("Packaging the extension …");
  const vsix = await packageVsix({ out: join(home, "vsix") });
  await installVsix(vsix, join(home, "vscode"));
  const server = await startServer({ home: join(home, "vscode") });
  console.log(`VS Code is ready: ${server.url}?folder=${encodeURIComponent(folder)}`);
  console.log("Open the address in a browser. Ctrl+C stops it.");
  const stopped = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => done());
  });
  await stopped;
  await server.stop();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
