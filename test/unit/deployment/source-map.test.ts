import { build } from "esbuild";
import { SourceMap } from "node:module";
import { describe, expect, it } from "vitest";
import { withoutSources } from "../../../extension/deployment/bundle/source-map.ts";
import { sampleApp } from "./sample-app.ts";

describe("a source map without installed packages", () => {
  it("maps one's own code as before, and nothing else", async () => {
    const app = await sampleApp({
      sources: {
        "main.ts": `import { big } from "lib";\nimport { more } from "./own.ts";\nexport function main(input: string) {\n  return big(more(input));\n}\n`,
        "own.ts": `export const more = (text: string) => {\n  const doubled = text + text;\n  return doubled.toUpperCase();\n};\n`,
        "node_modules/lib/package.json": `{"name":"lib","module":"index.mjs"}`,
        "node_modules/lib/index.mjs": `export function big(text) {\n  const list = [...text];\n  return list.reverse().join("");\n}\n`,
      },
    });
    try {
      const { outputFiles } = await build({
        absWorkingDir: app.folder,
        entryPoints: ["main.ts"],
        outfile: "out.mjs",
        bundle: true,
        minify: true,
        keepNames: true,
        format: "esm",
        sourcemap: "linked",
        write: false,
      });
      const code = outputFiles.find(({ path }) => path.endsWith(".mjs"))!.text;
      const whole = outputFiles.find(({ path }) => path.endsWith(".map"))!.text;
      const reduced = withoutSources(whole, (source) => source.includes("node_modules/"));
      const before = new SourceMap(JSON.parse(whole));
      const after = new SourceMap(JSON.parse(reduced));
      const counts = { own: 0, installed: 0 };
      code.split("\n").forEach((line, row) => {
        for (let column = 0; column < line.length; column++) {
          const was = before.findEntry(row, column);
          const is = after.findEntry(row, column);
          if (!("originalSource" in was) || was.originalSource === undefined) continue;
          if (was.originalSource.includes("node_modules/")) {
            counts.installed++;
            expect("originalSource" in is ? is.originalSource : undefined).toBeUndefined();
          } else {
            counts.own++;
            expect(is).toEqual(was);
          }
        }
      });
      expect(counts.own).toBeGreaterThan(50);
      expect(counts.installed).toBeGreaterThan(50);
    } finally {
      await app.remove();
    }
  });

  it("is left alone when nothing is to be dropped", () => {
    const text = `{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}`;
    expect(withoutSources(text, () => false)).toBe(text);
  });
});
