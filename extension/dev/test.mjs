/**
 * `npm test`: installs what is missing, then every layer, fast ones first, and one closing line for all of them.
 * `npm test -- unit webview` runs only those layers; `--long` runs the long versions.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, environment, install, node24, root } from "./prepare.mjs";

install();
const args = process.argv.slice(2);
const long = args.includes("--long");
const only = args.filter((arg) => !arg.startsWith("--"));
const bin = (name) => join(root, "node_modules", name);

const vitest = (project) => ["--no-warnings", bin("vitest/vitest.mjs"), "run", "--project", project];
const layers = [
  { name: "types", args: [bin("typescript/bin/tsc"), "-b", "--pretty", "false"] },
  { name: "lint", args: [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
  { name: "format", args: [bin("oxfmt/bin/oxfmt"), "--check"] },
  { name: "unit", args: vitest("unit") },
  { name: "semantics", args: vitest("semantics") },
  { name: "conformance", args: vitest("conformance") },
  { name: "deploy", args: vitest("deploy") },
  { name: "reliability", args: vitest("reliability") },
  { name: "evaluation", args: vitest("evaluation") },
  { name: "webview", args: vitest("webview"), build: true },
  { name: "journey", args: vitest("journey"), build: true },
  { name: "vscode", args: [join(root, "test/e2e/run.ts"), "suite"], build: true },
  { name: "vscode-deploy", args: [join(root, "test/e2e/run.ts"), "deploy"], build: true },
  { name: "e2e", args: [join(root, "test/e2e/run.ts"), "journey", ...(long ? [] : ["--short"])], build: true },
];

const unknown = only.filter((name) => !layers.some((layer) => layer.name === name));
if (unknown.length > 0) {
  console.error(`No layer ${unknown.join(", ")}. Layers: ${layers.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/** Counts of a layer's closing line: vitest's own, or `N passed, N failed, N skipped`. A check without counts is one test. */
function counts(text, code) {
  const plain = text.replace(ansi, "");
  const own = /^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(plain);
  if (own) return { passed: Number(own[1]), failed: Number(own[2]), skipped: Number(own[3] ?? 0) };
  const line = /^\s*Tests\s+(.*)$/m.exec(plain)?.[1];
  if (line !== undefined) {
    const part = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
    return { passed: part("passed"), failed: part("failed"), skipped: part("skipped") + part("todo") };
  }
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function run(layer) {
  return new Promise((resolve) => {
    const child = spawn(node24, layer.args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: environment({ FUSIONIZE_LONG: long ? "1" : "" }),
    });
    let text = "";
    child.stdout.on("data", (data) => ((text += data), process.stdout.write(data)));
    child.stderr.on("data", (data) => ((text += data), process.stderr.write(data)));
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const layer of layers) {
  if (only.length > 0 && !only.includes(layer.name)) continue;
  console.log(`\n━━ ${layer.name}`);
  if (layer.build) build();
  const began = Date.now();
  const { code, text } = await run(layer);
  const found = counts(text, code);
  // A runner that fails without a failed test (a crash, an empty file) is a failure all the same.
  if (code !== 0 && found.failed === 0) found.failed = 1;
  for (const key of Object.keys(total)) total[key] += found[key];
  summary.push(
    `${found.failed > 0 ? "✗" : "✓"} ${layer.name.padEnd(12)} ${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped  ${((Date.now() - began) / 1000).toFixed(0)} s`,
  );
}
console.log(`\n${summary.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
