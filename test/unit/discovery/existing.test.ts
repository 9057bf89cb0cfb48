/**
 * Templates as public applications have them, their structure built anew: all functions and invocations are found, and what
 * is not is said in a finding. Each file holds an app; its last part are tasks (`*` = entry), calls, and codes of findings.
 */
import { globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { loadApp } from "../../../extension/application/app.ts";
import { files } from "./workspace.ts";

const cases = globSync("existing/*.txt", { cwd: import.meta.dirname }).sort();

it.each(cases)("%s", async (path) => {
  const parts = files(readFileSync(join(import.meta.dirname, path), "utf8"));
  const expected = parts.at(-1)!.text.trim();
  const folder = await mkdtemp(join(tmpdir(), "fusionize-existing-"));
  try {
    for (const { file, text } of parts.slice(0, -1)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const { graph, diagnostics } = await loadApp(folder);
    const names = (message: string) => / ?\b(SECRET|[A-Za-z]*)\b/.exec(message)?.[1] ?? "";
    const codes = diagnostics.map(({ code, message }) =>
      /^(?:function|handler|layers|runtime|template-(?:nested|unresolved))/.test(code)
        ? `${code} ${code === "handler-not-found" ? (/ of (\w+)/.exec(message)?.[1] ?? "") : names(message)}`
        : code,
    );
    const shown = [
      ...graph.tasks.map(({ name, entry, lambda }) => `${entry ? "*" : ""}${name} ${lambda?.module}`),
      ...graph.calls.map(({ from, to, kind }) => `${from} ${kind === "sync" ? "->" : "~>"} ${to}`),
      ...(codes.length > 0 ? [codes.sort().join("|")] : []),
    ];
    expect(shown.join("\n"), basename(path)).toBe(expected);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
