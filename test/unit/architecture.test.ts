/** Keeps the invariants of ARCHITECTURE.md that can be read off imports: 1, 2 and 4. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

function imports(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)/gm)].map(
    (match) => {
      const specifier = match[2] ?? match[3]!;
      const to = specifier.startsWith(".")
        ? relative(root, resolve(root, dirname(file), specifier))
            .split(sep)
            .join("/")
        : specifier;
      return { from: file, to, typeOnly: match[1] !== undefined };
    },
  );
}

const all = ["extension", "webview", "emulator"].flatMap(sources).flatMap(imports);
const from = (...folders: string[]) => all.filter((entry) => folders.some((folder) => entry.from.startsWith(`${folder}/`)));
const show = (entries: Import[]) => entries.map((entry) => `${entry.from} → ${entry.to}`);

test("the imports were found at all", () => {
  expect(all.length).toBeGreaterThan(200);
});

test("only extension/vscode imports vscode", () => {
  expect(show(all.filter((entry) => entry.to === "vscode" && !entry.from.startsWith("extension/vscode/")))).toEqual([]);
});

test("the emulator and the rest import nothing of each other", () => {
  expect(show(from("emulator").filter((entry) => /^(extension|webview)\//.test(entry.to)))).toEqual([]);
  expect(show(from("extension", "webview").filter((entry) => entry.to.startsWith("emulator/")))).toEqual([]);
});

test("core, discovery and optimizer are pure", () => {
  const outside = from("extension/core", "extension/discovery", "extension/optimizer").filter(
    (entry) => entry.to.startsWith("node:") || entry.to.startsWith("@aws-sdk/") || entry.to.startsWith("@smithy/"),
  );
  expect(show(outside)).toEqual([]);
});

const layers: Record<string, string[]> = {
  "extension/core": [],
  "extension/ports": [],
  "extension/discovery": ["extension/core"],
  "extension/optimizer": ["extension/core"],
  "extension/runtime": ["extension/core"],
  "extension/workload": ["extension/core", "extension/ports"],
  "extension/local": ["extension/core", "extension/ports"],
  "extension/deployment": ["extension/core", "extension/discovery", "extension/ports", "extension/local"],
  "extension/monitoring": ["extension/core", "extension/ports", "extension/optimizer", "extension/deployment"],
  webview: ["extension/core"],
};

test.each(Object.entries(layers))("%s imports only what it may", (folder, allowed) => {
  const wrong = from(folder).filter(
    (entry) =>
      /^(extension|webview|emulator)\//.test(entry.to) && ![folder, ...allowed].some((may) => entry.to.startsWith(`${may}/`)),
  );
  expect(show(wrong)).toEqual([]);
});
