import { crc32, deflateSync, inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { animation } from "../../../extension/dev/apng.ts";

const part = (type: string, data: Buffer): Buffer => {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
};

/** One grey pixel. */
function pixel(value: number, width = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(1, 4);
  header[8] = 8;
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    part("IHDR", header),
    part("IDAT", deflateSync(Buffer.from([0, value]))),
    part("IEND", Buffer.alloc(0)),
  ]);
}

function parts(png: Buffer): { type: string; data: Buffer }[] {
  const found: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    found.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

it("holds the frames in order, each with its time, numbered through", () => {
  const found = parts(animation([pixel(1), pixel(2), pixel(3)], 1_500));
  expect(found.map(({ type }) => type)).toEqual(["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"]);
  expect(found[1]?.data.readUInt32BE(0)).toBe(3);
  const numbered = found.filter(({ type }) => type === "fcTL" || type === "fdAT");
  expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4]);
  expect(found[2]?.data.readUInt16BE(20)).toBe(1_500);
  expect(found[2]?.data.readUInt16BE(22)).toBe(1_000);
  const pixels = found
    .filter(({ type }) => type === "IDAT" || type === "fdAT")
    .map(({ type, data }) => inflateSync(type === "IDAT" ? data : data.subarray(4))[1]);
  expect(pixels).toEqual([1, 2, 3]);
});

it("refuses what is no PNG, nothing at all, and frames of different sizes", () => {
  expect(() => animation([], 1)).toThrow(/needs a frame/);
  expect(() => animation([Buffer.from("GIF89a, not this one")], 1)).toThrow(/no PNG/);
  expect(() => animation([pixel(1), pixel(1, 2)], 1)).toThrow(/differ/);
});
