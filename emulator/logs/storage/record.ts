import { crc32 } from "node:zlib";

/**
 * One record of a segment file, little-endian:
 *
 *     u8 magic | u32 payload length | u32 CRC-32 of the payload | payload
 *
 * The message is kept as its plain UTF-8 bytes, so that a filter can look for a required substring in a whole block of the
 * file without decoding any record of it.
 */
export const RECORD_MAGIC = 0xf5; // never a byte of UTF-8 text, so that a search for the next record skips messages quickly
export const RECORD_HEADER = 9;
/** Payload of an event before its message: u8 kind, f64 timestamp, f64 ingestion time, u32 stream. */
export const EVENT_HEADER = 21;
/** Payload of a stream record before its name: u8 kind, u32 stream, f64 creation time. */
export const STREAM_HEADER = 13;
/** Bytes from the start of an event's record to the start of its message. */
export const MESSAGE_OFFSET = RECORD_HEADER + EVENT_HEADER;
/** Longer payloads do not exist (an event holds at most 1 MB), so a longer length means damage. */
export const MAX_PAYLOAD = 4 * 1024 * 1024;

export const KIND_EVENT = 1;
export const KIND_STREAM = 2;
export const KIND_STREAM_DELETED = 3;

function seal(record: Buffer): Buffer {
  record[0] = RECORD_MAGIC;
  record.writeUInt32LE(record.length - RECORD_HEADER, 1);
  record.writeUInt32LE(crc32(record.subarray(RECORD_HEADER)), 5);
  return record;
}

/** Writes one event's record into `target` at `at`; `bytes` is the message's UTF-8 length. Returns the position after it. */
export function writeEvent(
  target: Buffer,
  at: number,
  event: { timestamp: number; ingested: number; stream: number; message: string; bytes: number },
): number {
  const payload = at + RECORD_HEADER;
  target[payload] = KIND_EVENT;
  target.writeDoubleLE(event.timestamp, payload + 1);
  target.writeDoubleLE(event.ingested, payload + 9);
  target.writeUInt32LE(event.stream, payload + 17);
  target.write(event.message, payload + EVENT_HEADER);
  const end = payload + EVENT_HEADER + event.bytes;
  seal(target.subarray(at, end));
  return end;
}

export function streamRecord(stream: number, created: number, name: string): Buffer {
  const record = Buffer.alloc(RECORD_HEADER + STREAM_HEADER + Buffer.byteLength(name));
  record[RECORD_HEADER] = KIND_STREAM;
  record.writeUInt32LE(stream, RECORD_HEADER + 1);
  record.writeDoubleLE(created, RECORD_HEADER + 5);
  record.write(name, RECORD_HEADER + STREAM_HEADER);
  return seal(record);
}

export function streamDeletedRecord(stream: number): Buffer {
  const record = Buffer.alloc(RECORD_HEADER + 5);
  record[RECORD_HEADER] = KIND_STREAM_DELETED;
  record.writeUInt32LE(stream, RECORD_HEADER + 1);
  return seal(record);
}

/**
 * Length of the whole record that starts at `at`, 0 if the buffer ends before it does, -1 if what stands there is no record.
 */
export function recordLength(buffer: Buffer, at: number): number {
  if (at >= buffer.length) return 0;
  if (buffer[at] !== RECORD_MAGIC) return -1;
  if (at + RECORD_HEADER > buffer.length) return 0;
  const payload = buffer.readUInt32LE(at + 1);
  if (payload === 0 || payload > MAX_PAYLOAD) return -1;
  const end = at + RECORD_HEADER + payload;
  if (end > buffer.length) return 0;
  return crc32(buffer.subarray(at + RECORD_HEADER, end)) === buffer.readUInt32LE(at + 5) ? end - at : -1;
}
