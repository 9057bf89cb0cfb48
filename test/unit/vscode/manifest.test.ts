import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

// The ids are plain data; the functions beside them need an editor, which this test has not.
vi.mock("vscode", () => ({}));
const ids = await import("../../../extension/vscode/ids.ts");

const root = join(import.meta.dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const nls = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Record<string, string>;
const text = JSON.stringify(manifest);
const contributes = manifest.contributes;

describe("the manifest and the code", () => {
  it("name the same commands", () => {
    const contributed = contributes.commands.map(({ command }: { command: string }) => command).sort();
    expect(contributed).toEqual(Object.values(ids.commandIds).sort());
  });

  it("name the same settings, each with a description", () => {
    const properties = contributes.configuration.properties as Record<
      string,
      { markdownDescription?: string; default?: unknown }
    >;
    expect(Object.keys(properties).sort()).toEqual(Object.values(ids.settingIds).sort());
    for (const [name, { markdownDescription, default: value }] of Object.entries(properties)) {
      expect(markdownDescription, name).toMatch(/^%.+%$/);
      expect(value, name).toBeDefined();
    }
  });

  it("name the same views", () => {
    const views = Object.values(contributes.views).flat() as { id: string }[];
    expect(views.map(({ id }) => id).sort()).toEqual(Object.values(ids.viewIds).sort());
  });

  it("name the same context keys in when clauses", () => {
    const clauses: string[] = [];
    JSON.parse(text, (key, value) => {
      if ((key === "when" || key === "enablement") && typeof value === "string") clauses.push(value);
      return value;
    });
    const used = new Set(clauses.flatMap((clause) => clause.match(/(?<!== )\bfusionize\.\w+/g) ?? []));
    const known = new Set<string>([...Object.values(ids.contextKeys), ...Object.values(ids.viewIds), "fusionize.json"]);
    expect([...used].filter((key) => !known.has(key))).toEqual([]);
    for (const key of Object.values(ids.contextKeys)) expect(used, key).toContain(key);
  });

  it("use exactly the texts of package.nls.json", () => {
    const used = new Set([...text.matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    expect(used).toEqual(new Set(Object.keys(nls)));
  });

  it("name only commands that exist in the links of welcome views and walkthrough", () => {
    const links = Object.values(nls).flatMap((value) => [...value.matchAll(/command:(fusionize\.\w+)/g)].map(([, id]) => id));
    const known = new Set<string>(Object.values(ids.commandIds));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((id) => !known.has(id as string))).toEqual([]);
  });

  it("show pictures that need no style sheet, which the editor's walkthrough refuses", () => {
    const pictures = [...text.matchAll(/"svg":\s*"([^"]+)"/g)].map(([, file]) => file as string);
    expect(pictures.length).toBe(4);
    for (const file of pictures) expect(readFileSync(join(root, file), "utf8"), file).not.toMatch(/<style|\b(?:class|style)=/);
  });

  it("name only files that exist", () => {
    const files = [...text.matchAll(/"(?:\.\/)?(extension\/vscode\/[\w./-]+\.(?:svg|png|json))"/g)].map(
      ([, file]) => file as string,
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });
});
