import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBundle, usedTexts } from "../../../extension/dev/l10n.ts";

const nls = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../..", name), "utf8")) as Record<string, string>;
const holes = (text: string) =>
  [...text.matchAll(/\{\d+\}|\]\(command:[^)]*\)|`[^`]*`|\$\([\w-]+\)/g)].map(([hole]) => hole).sort();

describe("German", () => {
  const bundle = readBundle();
  const used = usedTexts();

  it("has every text of the extension and its panel, and none in vain", () => {
    expect(used.filter((text) => !Object.hasOwn(bundle, text))).toEqual([]);
    expect(Object.keys(bundle).filter((text) => !used.includes(text))).toEqual([]);
  });

  it("has every text of the manifest", () => {
    expect(Object.keys(nls("package.nls.de.json")).sort()).toEqual(Object.keys(nls("package.nls.json")).sort());
  });

  it("keeps values, icons, code and links of each text", () => {
    const english = nls("package.nls.json");
    const pairs = [
      ...Object.entries(bundle),
      ...Object.entries(nls("package.nls.de.json")).map(([key, text]) => [english[key] ?? "", text] as const),
    ];
    for (const [from, to] of pairs) {
      expect(to.trim()).not.toBe("");
      expect(holes(to), from).toEqual(holes(from));
    }
  });
});
