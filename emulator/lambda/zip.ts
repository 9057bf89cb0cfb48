import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { invalidParameter } from "./errors.ts";

const inflate = promisify(inflateRaw);
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const unpackedLimit = 262_144_000;

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  mode: number;
}

const broken = (): Error => invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again.");

/** Reads the directory of an archive. Throws the service's error for anything that is not a sound zip, leaves its folder, or unpacks to more than 250 MB. */
export function readZip(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== endSignature) throw broken();
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== entrySignature) throw broken();
    const nameLength = zip.readUInt16LE(at + 28);
    const entry: Entry = {
      name: zip.toString("utf8", at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
      mode: zip.readUInt32LE(at + 38) >>> 16,
    };
    if (escapes(entry.name) || (entry.mode & 0o170000) === 0o120000) throw broken();
    total += entry.size;
    if (total > unpackedLimit) throw invalidParameter(`Unzipped size must be smaller than ${unpackedLimit} bytes`);
    entries.push(entry);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks the archive into an existing folder. */
export async function unpackZip(zip: Buffer, folder: string): Promise<void> {
  for (const entry of readZip(zip)) {
    try {
      await unpackEntry(zip, entry, join(folder, entry.name));
    } catch (error) {
      // Names that no file system can hold beside each other; a full disk is another matter.
      if (unusable.has((error as NodeJS.ErrnoException).code ?? "")) throw broken();
      throw error;
    }
  }
}

const unusable = new Set(["EISDIR", "ENOTDIR", "EEXIST", "ENAMETOOLONG", "EINVAL", "ENOENT", "ERR_INVALID_ARG_VALUE"]);

async function unpackEntry(zip: Buffer, entry: Entry, path: string): Promise<void> {
  if (entry.name.endsWith("/")) {
    await mkdir(path, { recursive: true });
    return;
  }
  const data = await readEntry(zip, entry);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
  if ((entry.mode & 0o111) !== 0) await chmod(path, 0o755);
}

async function readEntry(zip: Buffer, entry: Entry): Promise<Buffer> {
  if (entry.offset + 30 > zip.length) throw broken();
  const start = entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const packed = zip.subarray(start, start + entry.packed);
  let data: Buffer;
  try {
    // The declared size bounds the output, so that a crafted archive cannot fill the memory.
    data =
      entry.method === 0
        ? packed
        : entry.method === 8
          ? await inflate(packed, { maxOutputLength: Math.max(1, entry.size) })
          : Buffer.alloc(0);
  } catch {
    throw broken();
  }
  if (data.length !== entry.size || crc32(data) !== entry.crc) throw broken();
  return data;
}

function escapes(name: string): boolean {
  return (
    name === "" || name.includes("\0") || name.startsWith("/") || /^[a-zA-Z]:/.test(name) || name.split(/[/\\]/).includes("..")
  );
}
