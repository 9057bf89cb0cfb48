/**
 * `npm run conformance`: what every operation of the two AWS clients does on the emulator, and what every conformance test found, written to
 * `docs/emulator-conformance.md`. Exits with 1 when anything fails. `--operations` prints the first part only and writes nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runBehaviours } from "./behaviours.ts";
import type { Behaviour } from "./behaviours.ts";
import { behavioursText, operationsText, reportText } from "./markdown.ts";
import { callOperations } from "./operations.ts";

const path = fileURLToPath(new URL("../../../docs/emulator-conformance.md", import.meta.url));
const rows = await callOperations();
let behaviours: Behaviour[] = [];
if (process.argv.includes("--operations")) process.stdout.write(operationsText(rows));
else {
  behaviours = await runBehaviours();
  const text = reportText(operationsText(rows), behavioursText(behaviours));
  const before = readFileSync(path, { encoding: "utf8", flag: "a+" });
  if (text !== before) writeFileSync(path, text);
  process.stdout.write(`${path}: ${text === before ? "unchanged" : "written"}\n`);
}
const failed = [
  ...rows.filter(({ result }) => result === "fail").map(({ service, operation, detail }) => `${service} ${operation}: ${detail}`),
  ...behaviours.filter(({ result }) => result === "fail").map(({ file, name }) => `${file}: ${name}`),
];
process.stdout.write(
  `${rows.length + behaviours.length - failed.length} hold, ${failed.length} fail\n${failed.map((line) => `  ${line}\n`).join("")}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
