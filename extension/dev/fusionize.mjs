/** `npm run -s fusionize -- …`: the command line tool of this checkout, installed and built first where needed. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, environment, install, node24, root } from "./prepare.mjs";

install();
build();
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(node24, [join(root, "dist/cli.mjs"), ...process.argv.slice(2)], {
  cwd,
  stdio: "inherit",
  env: environment(),
});
// The terminal sends an interrupt to both; the tool decides what to do with it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
