/**
 * `node test/e2e/vscode/serve.ts FOLDER [--port N]`: VS Code on a folder with the packaged extension, in a browser of the
 * user's. Prints the URL and runs until it is interrupted; everything it started ends with it.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { packageVsix } from "../../../extension/dev/package.ts";
import { installVsix } from "./install.ts";
import { startServer } from "./server.ts";

function parse(args: string[]): { folder: string; port: number } {
  let folder: string | undefined;
  let port = 0;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--port") port = Number(args[(at += 1)]);
    else if (arg.startsWith("--port=")) port = Number(arg.slice("--port=".length));
    // Chosen by `npm start` before it comes here.
    else if (arg.startsWith("--app=")) continue;
    else if (!arg.startsWith("--") && folder === undefined) folder = resolve(arg);
    else throw new Error(`Unknown argument ${arg}. Usage: serve.ts FOLDER [--port N]`);
  }
  if (!folder || !existsSync(folder)) throw new Error(`${folder ?? "No folder"}: name an existing folder.`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("--port takes a number up to 65535.");
  return { folder, port };
}

/** Settings of a first look: nothing that has to be clicked away. */
const settings = { "workbench.colorTheme": "Dark Modern", "workbench.startupEditor": "none" };

export async function serve({
  folder,
  port,
}: {
  folder: string;
  port: number;
}): Promise<{ url: string; stop: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "fusionize-serve-"));
  const clean = () => rm(home, { recursive: true, force: true, maxRetries: 10 });
  try {
    await installVsix(await packageVsix({ out: join(home, "vsix") }), home);
    const server = await startServer({ home, settings, port });
    const stop = async () => {
      await server.stop();
      await clean();
    };
    return { url: `${server.url}?${new URLSearchParams({ folder })}`, stop };
  } catch (error) {
    await clean();
    throw error;
  }
}

if (import.meta.main) {
  try {
    const { url, stop } = await serve(parse(process.argv.slice(2)));
    console.log(`VS Code with Fusionize: ${url}\nStop it with Ctrl+C.`);
    const stopping = Promise.withResolvers<void>();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.resolve());
    await stopping.promise;
    await stop();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
