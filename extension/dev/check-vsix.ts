/** Looks into a finished VSIX: what it must hold is there, esbuild is that of its platform, nothing else slipped in. */
import { unzipSync } from "fflate";
import { readFile } from "node:fs/promises";
import type { Target } from "./package.ts";

/** Files without which the extension does not work. */
const needed = [
  "extension/package.json",
  "extension/readme.md",
  "extension/dist/extension.cjs",
  "extension/dist/backend/reading.mjs",
  "extension/dist/backend/running.mjs",
  "extension/dist/emulator/main.mjs",
  "extension/dist/guard.mjs",
  "extension/dist/runtime/index.mjs",
  "extension/dist/webview/panel.js",
  "extension/dist/webview/elk-worker.min.js",
  "extension/extension/vscode/fusionize.schema.json",
  "extension/extension/sample/fusionize.json",
  "extension/dist/types/runtime/index.d.ts",
  "extension/dist/node_modules/esbuild/lib/main.js",
];

/** How executables of a platform begin, and where and how they name the processor. ELF: 18, Mach-O: 4, PE: behind its header. */
function machine(binary: Uint8Array): string {
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  if (view.getUint32(0) === 0x7f454c46) return `linux-${{ 0x3e: "x64", 0xb7: "arm64" }[view.getUint16(18, true)] ?? "?"}`;
  if (view.getUint32(0, true) === 0xfeedfacf)
    return `darwin-${{ 0x01000007: "x64", 0x0100000c: "arm64" }[view.getUint32(4, true)] ?? "?"}`;
  if (view.getUint16(0) === 0x4d5a) {
    const header = view.getUint32(0x3c, true);
    return `win32-${{ 0x8664: "x64", 0xaa64: "arm64" }[view.getUint16(header + 4, true)] ?? "?"}`;
  }
  return "no executable";
}

export async function checkVsix(path: string, target: Target): Promise<void> {
  const files = unzipSync(await readFile(path));
  const missing = needed.filter((name) => !(name in files));
  if (missing.length > 0) throw new Error(`${path} lacks ${missing.join(", ")}.`);
  const binaries = Object.entries(files).filter(([name]) => /\/@esbuild\/[^/]+\/(bin\/)?esbuild(\.exe)?$/.test(name));
  const [binary, ...more] = binaries;
  if (!binary || more.length > 0) throw new Error(`${path} holds ${binaries.length} esbuild binaries, one is wanted.`);
  const found = machine(binary[1]);
  if (found !== target) throw new Error(`${path} is for ${target}, its esbuild for ${found}.`);
  const stray = Object.keys(files).filter(
    (name) =>
      (/\.(map|ts|tsbuildinfo|vsix)$/.test(name) && !/^extension\/(extension\/sample|dist\/types)\//.test(name)) ||
      /(^|\/)(\.env|\.npmrc)$/.test(name),
  );
  if (stray.length > 0) throw new Error(`${path} holds what is not meant to be shipped: ${stray.join(", ")}.`);
}
