/** `fusionize.json` and `.fusionize/` under kills. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeSetup } from "../../extension/application/accept.ts";
import { loadApp } from "../../extension/application/app.ts";
import { trial } from "./trial.ts";

const APPLICATION = new URL("../../extension/application/", import.meta.url).href;

/** Accepts one setup after the other until it is killed. */
const WRITER = `
import { loadApp } from ${JSON.stringify(`${APPLICATION}app.ts`)};
import { writeSetup } from ${JSON.stringify(`${APPLICATION}accept.ts`)};
const folder = process.argv[1];
process.stdout.write("ready\\n");
for (let memory = 128; ; memory = memory === 10240 ? 128 : memory + 1) {
  await writeSetup(await loadApp(folder), { a: { memory, inline: ["b"] } });
}`;

/** The next command. */
async function acceptOnce(folder: string): Promise<void> {
  await writeSetup(await loadApp(folder), { a: { memory: 3008, inline: ["b"] } });
}

trial({
  kind: "fault",
  fault: "SIGKILL in the middle of accepting setups, one after the other",
  holds: "fusionize.json is whole, its comments are there, the next command works and leaves nothing beside it",
  short: 2,
  long: 200,
  limit: 20,
  atOnce: 3,
  run: async (_seed, random) => {
    const folder = mkdtempSync(join(tmpdir(), "reliability-setup-"));
    try {
      const file = join(folder, "fusionize.json");
      writeFileSync(file, `{\n  // kept\n  "app": "demo",\n  "functions": { "a": { "memory": 128 } }\n}\n`);
      const writer = spawn(process.execPath, ["--input-type=module", "--no-warnings", "-e", WRITER, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const gone = new Promise((resolve) => writer.once("exit", resolve));
      await new Promise((resolve) => writer.stdout.once("data", resolve));
      await delay(5 + random() * 120);
      writer.kill("SIGKILL");
      await gone;
      const text = readFileSync(file, "utf8");
      if (!text.includes("// kept") || !text.trimEnd().endsWith("}")) throw new Error(`fusionize.json is broken: ${text}`);
      JSON.parse(text.replace("// kept", ""));
      const beside = () => readdirSync(folder).filter((name) => name !== "fusionize.json" && name !== ".fusionize");
      const left = beside().length;
      await acceptOnce(folder);
      if (!readFileSync(file, "utf8").includes('"memory": 3008')) throw new Error("the next command did not write");
      if (beside().length > 0) throw new Error(`left after the next command: ${beside().join(", ")}`);
      return `${left} temporary file${left === 1 ? "" : "s"} left beside it, none after the next command`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
