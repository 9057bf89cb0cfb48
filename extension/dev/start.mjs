/**
 * `npm start`: VS Code on a sample app with the extension; the desktop one where there is one, else VS Code from npm in a
 * browser. `npm start -- --headless`: the main job in the terminal.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build, environment, install, node24, root } from "./prepare.mjs";

const args = process.argv.slice(2);
install();

if (args.includes("--headless")) {
  run(node24, [join(root, "extension/dev/headless.ts"), ...args]);
} else {
  build();
  const workspace = sample();
  const code = args.includes("--browser") ? undefined : desktop();
  if (code) {
    console.log(`Opening VS Code on ${workspace} …`);
    run(code, ["--new-window", `--extensionDevelopmentPath=${root}`, workspace], process.platform === "win32");
  } else {
    run(node24, [join(root, "test/e2e/vscode/serve.ts"), workspace, ...args.filter((arg) => arg !== "--browser")]);
  }
}

/** A copy of the sample app, so that accepting a suggestion does not change the checkout. It stays between starts. */
function sample() {
  const name = args.find((arg) => arg.startsWith("--app="))?.slice("--app=".length) ?? "iot";
  const copy = join(root, ".vscode-test/workspace", name);
  if (!existsSync(copy)) {
    mkdirSync(join(copy, ".."), { recursive: true });
    cpSync(join(root, "test/apps", name), copy, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
    });
  }
  return copy;
}

/** The desktop VS Code, when it can show a window. */
function desktop() {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const windows = process.platform === "win32";
  const found = spawnSync(windows ? "where" : "which", ["code"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.split(/\r?\n/)[0] : undefined;
}

function run(command, words, shell = false) {
  const child = spawn(command, words, { cwd: root, stdio: "inherit", env: environment(), shell });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
