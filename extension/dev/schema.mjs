// Writes the JSON Schema of fusionize.json, which the editor gets, from the validator. Needs the project's Node (24), which
// runs the validator's TypeScript as it is: `npx node extension/dev/schema.mjs`, or with --check only to compare.
import { readFile, writeFile } from "node:fs/promises";
import { configSchema } from "../core/config-schema.ts";

const file = new URL("../vscode/fusionize.schema.json", import.meta.url);
const text = `${JSON.stringify(configSchema(), null, 2)}\n`;

if (!process.argv.includes("--check")) await writeFile(file, text);
else if ((await readFile(file, "utf8").catch(() => "")) !== text) {
  console.error("extension/vscode/fusionize.schema.json is not current: run npx node extension/dev/schema.mjs");
  process.exitCode = 1;
}
