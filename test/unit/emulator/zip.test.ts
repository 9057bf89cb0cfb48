import { mkdtempSync, readFileSync, rmSync, statSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CodeStore } from "../../../emulator/lambda/code-store.ts";
import { readZip, unpackZip } from "../../../emulator/lambda/zip.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zip-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const zip = (files: Record<string, string>, level: 0 | 6 = 6): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level }));

test.each([0, 6] as const)("files and folders come out as they went in (level %i)", async (level) => {
  await unpackZip(zip({ "index.mjs": "export {}", "lib/deep/a.txt": "a".repeat(10_000), "empty.txt": "" }, level), folder);
  expect(readFileSync(join(folder, "index.mjs"), "utf8")).toBe("export {}");
  expect(readFileSync(join(folder, "lib/deep/a.txt"), "utf8")).toBe("a".repeat(10_000));
  expect(statSync(join(folder, "empty.txt")).size).toBe(0);
});

test("the executable bit is kept", async () => {
  await unpackZip(Buffer.from(zipSync({ bootstrap: [strToU8("#!/bin/sh"), { os: 3, attrs: 0o755 << 16 }] })), folder);
  expect(statSync(join(folder, "bootstrap")).mode & 0o111).not.toBe(0);
});

test.each(["../evil", "a/../../evil", "/etc/evil", "..\\evil", "C:\\evil", "a\0b"])(
  "a name that leaves the folder is refused: %j",
  async (name) => {
    await expect(unpackZip(zip({ [name]: "x" }), folder)).rejects.toMatchObject({ code: "InvalidParameterValueException" });
    expect(existsSync(join(folder, "..", "evil"))).toBe(false);
  },
);

test("a symbolic link is refused", () => {
  expect(() => readZip(Buffer.from(zipSync({ link: [strToU8("/etc"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] })))).toThrow(
    /Could not unzip/,
  );
});

test("an archive that is cut off or changed anywhere is refused or read whole, never half", async () => {
  const good = zip({ "index.mjs": "export const handler = () => 1;" });
  const store = new CodeStore(folder);
  for (let cut = 0; cut < good.length; cut += 7) {
    await expect(store.add(good.subarray(0, cut))).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  }
  const data = good.indexOf("index.mjs") + "index.mjs".length + 3;
  const changed = Buffer.from(good);
  changed[data] = (changed[data] ?? 0) ^ 0xff;
  await expect(store.add(changed)).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  await store.collect(new Set());
});

test("more than 250 MB unpacked is refused before anything is unpacked", () => {
  const bomb = zip({ a: "x" });
  const entry = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  bomb.writeUInt32LE(262_144_001, entry + 24);
  expect(() => readZip(bomb)).toThrow("Unzipped size must be smaller than 262144000 bytes");
});

test("an entry that unpacks to more than it declares is refused", async () => {
  const lying = zip({ a: "x".repeat(100_000) });
  lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
  await expect(unpackZip(lying, folder)).rejects.toMatchObject({ code: "InvalidParameterValueException" });
});

test("equal archives share a folder, and unused ones are collected", async () => {
  const store = new CodeStore(folder);
  const first = await store.add(zip({ "a.mjs": "1" }));
  const second = await store.add(zip({ "a.mjs": "2" }));
  expect((await store.add(zip({ "a.mjs": "1" }))).folder).toBe(first.folder);
  await store.collect(new Set([second.folder]));
  expect(existsSync(store.root(first.folder))).toBe(false);
  expect(existsSync(store.root(second.folder))).toBe(true);
});
