import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);

it("every code of a finding is documented, and no other", () => {
  const sources = globSync(
    ["extension/{core,discovery}/*.ts", "extension/discovery/{template,lambda}/*.ts", "extension/application/template.ts"],
    { cwd: root },
  ).map((path) => readFileSync(new URL(path, root), "utf8"));
  const written = sources.flatMap((text) => text.match(/"(?:task|call|callee|cycle|export|import|source|setup)-[a-z-]+"/g) ?? []);
  const ofTemplates = sources.flatMap((text) =>
    (text.match(/"(?:template|handler|function|runtime|kept)-[a-z-]+"|(?<=")layers(?=",$)/gm) ?? []).map((code) =>
      code.replaceAll('"', ""),
    ),
  );
  const elsewhere = new Set(["setup-file-broken"]);
  const codes = new Set([...written.map((code) => code.slice(1, -1)), ...ofTemplates].filter((code) => !elsewhere.has(code)));
  const documented = [...readFileSync(new URL("docs/diagnostics.md", root), "utf8").matchAll(/^\| `([a-z-]+)`/gm)].map(
    (match) => match[1]!,
  );
  expect(documented.filter((code) => code !== "no-tasks").sort()).toEqual([...codes].sort());
});
