/** Frame types of the channel to an instance process; the other end is `instance/channel.ts`. */
export const command = { init: 1, invoke: 2, flushCache: 3 } as const;
export const report = {
  started: 10,
  ready: 11,
  initError: 12,
  log: 13,
  response: 14,
  error: 15,
  streamStart: 16,
  streamChunk: 17,
  streamEnd: 18,
  /** The error of the open invocation, after which the process ends. */
  fatal: 19,
} as const;
export const logKind = { event: 1, stdout: 2, stderr: 3 } as const;

/** Length (of what follows), type, body. */
export function encode(type: number, ...parts: Uint8Array[]): Buffer {
  let length = 1;
  for (const part of parts) length += part.length;
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt8(type, 4);
  let offset = 5;
  for (const part of parts) {
    frame.set(part, offset);
    offset += part.length;
  }
  return frame;
}

/** No JSON text is longer: the longest string that JavaScript has. */
const longestFrame = 512 * 1_048_576;

/**
 * Cuts a byte stream into frames; keeps the parts of an unfinished one without copying them anew for each chunk. `onBroken` is called, and nothing read any
 * more, when what comes is no frame.
 */
export function decoder(onFrame: (type: number, body: Buffer) => void, onBroken: () => void = () => {}): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let broken = false;
  return (chunk) => {
    if (broken) return;
    parts.push(chunk);
    size += chunk.length;
    while (size >= 5) {
      let first = parts[0] as Buffer;
      if (first.length < 4) parts = [(first = Buffer.concat(parts))];
      const length = first.readUInt32BE(0);
      if (length === 0 || length > longestFrame) {
        broken = true;
        parts = [];
        return onBroken();
      }
      if (size < 4 + length) return;
      const all = parts.length === 1 ? first : Buffer.concat(parts);
      const rest = all.subarray(4 + length);
      parts = rest.length > 0 ? [rest] : [];
      size = rest.length;
      onFrame(all.readUInt8(4), all.subarray(5, 4 + length));
    }
  };
}

/** Cuts raw output into lines; a line without an end waits for `flush`. */
export function lineSplitter(onLine: (line: string) => void): { push(bytes: Buffer): void; flush(): void } {
  let rest: Buffer[] = [];
  const emit = (bytes: Buffer): void => {
    const whole = rest.length > 0 ? Buffer.concat([...rest, bytes]) : bytes;
    rest = [];
    const end = whole.at(-1) === 13 ? whole.length - 1 : whole.length;
    if (end > 0) onLine(whole.toString("utf8", 0, end));
  };
  return {
    push(bytes) {
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        emit(bytes.subarray(start, end));
        start = end + 1;
      }
      if (start < bytes.length) rest.push(bytes.subarray(start));
    },
    flush() {
      if (rest.length > 0) emit(Buffer.alloc(0));
    },
  };
}
