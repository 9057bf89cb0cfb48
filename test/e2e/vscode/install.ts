/** Puts a VSIX into the extensions folder of a server's home, as a user's own VS Code would. */
import { spawn } from "node:child_process";
import { folders } from "./server.ts";
import { node24, vscodeServer } from "./setup.ts";

export async function installVsix(vsix: string, home: string): Promise<void> {
  const args = [await vscodeServer(), "--install-extension", vsix, "--force", ...folders(home)];
  const child = spawn(node24, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0 || !/successfully installed/.test(output)) throw new Error(`The VSIX could not be installed:\n${output}`);
}
