import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { ServiceError } from "../../../../emulator/lambda/errors.ts";
import { unpackZip } from "../../../../emulator/lambda/zip.ts";
import { assert, type FuzzTarget } from "../target.ts";

// Whatever climbs out lands between these.
const outer = mkdtempSync(join(tmpdir(), "fuzz-zip-"));
const inner = join(outer, "a", "b");

const target: FuzzTarget = {
  seeds: () => [
    Buffer.from(
      zipSync({
        "index.mjs": strToU8("export const handler = () => 1;"),
        "a/b.txt": strToU8("x".repeat(100)),
        "c/": new Uint8Array(),
      }),
    ),
    Buffer.from(zipSync({ "stored.txt": [strToU8("y".repeat(50)), { level: 0 }] })),
  ],
  tokens: ["../", "..\\", "/etc/x", "C:\\x", "\0", "PK\u0001\u0002", "PK\u0005\u0006", "con", "a/../../b", "./", "//"],
  async check(input) {
    const folder = join(inner, "unpacked");
    mkdirSync(folder, { recursive: true });
    try {
      await unpackZip(input, folder);
    } catch (error) {
      assert(error instanceof ServiceError, `not the service's refusal: ${(error as Error).stack}`);
    }
    const around = [readdirSync(outer), readdirSync(join(outer, "a")), readdirSync(inner)].map((names) => names.join());
    assert(around.join(" ") === "a b unpacked", `something lies outside of the folder: ${around.join(" ")}`);
    rmSync(folder, { recursive: true });
  },
  end: () => rmSync(outer, { recursive: true, force: true }),
};
export default target;
