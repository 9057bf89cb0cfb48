import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confinedPath } from "../../../extension/vscode/features/graph/paths.ts";

let base: string;
let folder: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "fusionize-paths-"));
  folder = join(base, "app");
  await mkdir(join(folder, "src"), { recursive: true });
  await mkdir(join(base, "app-other"));
  await writeFile(join(folder, "src/task.ts"), "");
  await writeFile(join(folder, "..odd.ts"), "");
  await writeFile(join(base, "app-other/secret.ts"), "");
  await symlink(join(base, "app-other"), join(folder, "linked"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe("a path that the panel names", () => {
  it.each(["src/task.ts", "src/../src/task.ts", "..odd.ts"])("is taken inside the app: %s", async (file) => {
    expect(await confinedPath(folder, file)).toBe(join(folder, file));
  });

  it.each(["../app-other/secret.ts", "linked/secret.ts", "/etc/passwd", "src/missing.ts", "", ".", ".."])(
    "is refused elsewhere: %s",
    async (file) => expect(await confinedPath(folder, file)).toBeUndefined(),
  );
});
