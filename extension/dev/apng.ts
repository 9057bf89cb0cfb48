/** Animated PNGs, as the PNG specification (third edition, 2025) has them: the frames' own data, each with its control chunk. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Png {
  /** IHDR: size, bit depth, colour type. */
  header: Buffer;
  /** Compressed pixels. */
  data: Buffer;
}

/**
 * @param frames PNGs of the same size and kind.
 * @param stay ms that each is shown; it begins anew after the last.
 */
export function animation(frames: readonly Buffer[], stay: number): Buffer {
  const pngs = frames.map(read);
  const [first] = pngs;
  if (!first) throw new Error("An animation needs a frame.");
  if (pngs.some(({ header }) => !header.equals(first.header))) throw new Error("The frames differ in size or kind.");
  let sequence = 0;
  const number = () => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(sequence++);
    return bytes;
  };
  const chunks: Buffer[] = [SIGNATURE, chunk("IHDR", first.header), chunk("acTL", numbers(pngs.length, 0))];
  pngs.forEach(({ data }, index) => {
    const control = Buffer.alloc(22);
    first.header.copy(control, 0, 0, 8);
    control.writeUInt16BE(stay, 16);
    control.writeUInt16BE(1000, 18);
    chunks.push(chunk("fcTL", Buffer.concat([number(), control])));
    const packed = deflateSync(inflateSync(data), { level: 9 });
    chunks.push(index === 0 ? chunk("IDAT", packed) : chunk("fdAT", Buffer.concat([number(), packed])));
  });
  return Buffer.concat([...chunks, chunk("IEND", Buffer.alloc(0))]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

function read(png: Buffer): Png {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("This is no PNG.");
  const headers: Buffer[] = [];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") headers.push(body);
    else if (type === "IDAT") data.push(body);
    else if (type === "PLTE") throw new Error("PNGs with a palette are not put together.");
    at += 12 + length;
  }
  const [header] = headers;
  if (!header) throw new Error("This PNG has no header.");
  return { header, data: Buffer.concat(data) };
}
