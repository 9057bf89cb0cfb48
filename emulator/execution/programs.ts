import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import nodeModule from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Path of the program that instances run. From a bundle it lies beside this file; from source its types are stripped once into `folder`, since an instance
 * should not spend its start on TypeScript and runs with the flags of Lambda's Node.
 */
export function instanceProgram(folder: string): string {
  const bundled = fileURLToPath(new URL("./bootstrap.mjs", import.meta.url));
  if (existsSync(bundled)) return bundled;
  const source = fileURLToPath(new URL("../instance/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(source)) {
    if (!file.endsWith(".ts")) continue;
    const code = stripTypes(readFileSync(join(source, file), "utf8")).replaceAll(/(from "\.\/[a-z0-9-]+)\.ts"/g, '$1.mjs"');
    writeFileSync(join(folder, file.replace(/\.ts$/, ".mjs")), code);
  }
  return join(folder, "bootstrap.mjs");
}

/** The function is marked experimental; its warning would be noise in every start from source. */
function stripTypes(code: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return nodeModule.stripTypeScriptTypes(code);
  } finally {
    process.emitWarning = emitWarning;
  }
}
