import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codeSha256, zip } from "../../../extension/deployment/zip.ts";

const text = (value: string) => Buffer.from(value);

describe("zip", () => {
  it("holds the files", () => {
    const files = { "index.mjs": text("export {}"), "a/b.txt": text("x".repeat(100_000)) };
    const read = unzipSync(zip(files));
    expect(Object.fromEntries(Object.entries(read).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))).toEqual({
      "index.mjs": "export {}",
      "a/b.txt": "x".repeat(100_000),
    });
  });

  it("depends on nothing but names and contents", () => {
    const before = process.env["TZ"];
    const one = zip({ a: text("1"), b: text("2") });
    process.env["TZ"] = "Pacific/Auckland";
    const other = zip({ b: text("2"), a: text("1") });
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
    expect(Buffer.compare(one, other)).toBe(0);
    // Another value means that everything that is deployed anywhere will be uploaded once more.
    expect(codeSha256(one)).toMatchInlineSnapshot(`"+49+oxDdqPecQdB/1kNk55IMMY1RRvbdTrdDBzEca4I="`);
  });

  it("gives files the mode 0644", () => {
    const bytes = Buffer.from(zip({ a: text("1") }));
    const central = bytes.indexOf(Buffer.from("PK\u0001\u0002"));
    expect(bytes.readUInt32LE(central + 38) >>> 16).toBe(0o100644);
  });

  it("is hashed as Lambda does it", () => {
    const bytes = zip({ a: text("1") });
    expect(codeSha256(bytes)).toBe(createHash("sha256").update(bytes).digest("base64"));
  });
});
