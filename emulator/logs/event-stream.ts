import { crc32 } from "node:zlib";

const STRING_HEADER = 7;

/**
 * One frame of `application/vnd.amazon.eventstream`: lengths of frame and headers, their CRC-32, the headers (name length u8,
 * name, type 7, value length u16, value), the payload, the CRC-32 of all before; big-endian.
 */
export function encodeFrame(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const encoded = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
      const lengths = Buffer.from([STRING_HEADER, valueBytes.length >> 8, valueBytes.length & 0xff]);
      return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, lengths, valueBytes]);
    }),
  );
  const total = 12 + encoded.length + payload.length + 4;
  const frame = Buffer.alloc(total);
  frame.writeUInt32BE(total, 0);
  frame.writeUInt32BE(encoded.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  encoded.copy(frame, 12);
  payload.copy(frame, 12 + encoded.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, total - 4)), total - 4);
  return frame;
}

/** A frame that carries a member of the operation's event stream. */
export function eventFrame(type: string, body: unknown): Buffer {
  return encodeFrame(
    { ":message-type": "event", ":event-type": type, ":content-type": "application/json" },
    Buffer.from(JSON.stringify(body)),
  );
}

/** A frame that ends the stream with a modelled exception. */
export function exceptionFrame(type: string, message: string): Buffer {
  return encodeFrame(
    { ":message-type": "exception", ":exception-type": type, ":content-type": "application/json" },
    Buffer.from(JSON.stringify({ message })),
  );
}
