/**
 * `node extension/dev/l10n.ts`: every text that the extension and its panel hand to their translation, from the source. Prints
 * those that `l10n/bundle.l10n.de.json` lacks, and those it has in vain; a test keeps both lists empty.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseExpression } from "@babel/parser";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Folder -> the function that its texts are handed to; the first argument is a literal. */
const sources = [
  ["extension/vscode", /\bl10n\.t\(\s*("(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*')/g],
  ["webview", /(?<![\w.])t\(\s*("(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*')/g],
] as const;

/** Sorted, each once. @throws Error when a text is put together and so cannot be translated */
export function usedTexts(): string[] {
  const found = new Set<string>();
  for (const [folder, call] of sources) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(root, folder, file), "utf8");
      for (const [, literal = ""] of text.matchAll(call)) {
        const node = parseExpression(literal);
        if (node.type === "StringLiteral") found.add(node.value);
        else throw new Error(`${folder}/${file}: ${literal} cannot be translated: it is no plain text.`);
      }
    }
  }
  return [...found].sort();
}

export const bundlePath = join(root, "l10n/bundle.l10n.de.json");
export const readBundle = (): Record<string, string> => JSON.parse(readFileSync(bundlePath, "utf8")) as Record<string, string>;

if (import.meta.main) {
  const used = usedTexts();
  const bundle = readBundle();
  console.log(
    "Missing:",
    JSON.stringify(
      used.filter((text) => !Object.hasOwn(bundle, text)),
      undefined,
      1,
    ),
  );
  console.log(
    "In vain:",
    JSON.stringify(
      Object.keys(bundle).filter((text) => !used.includes(text)),
      undefined,
      1,
    ),
  );
}
