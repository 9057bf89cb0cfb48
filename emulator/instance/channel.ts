import { writeSync } from "node:fs";
import { Socket } from "node:net";

/**
 * The instance's end of its two pipes to the emulator. Frames: length (4 bytes, big-endian, of what follows), type (1 byte), body.
 * Everything the instance sends goes through one descriptor by blocking writes, so log lines keep their order to the response and survive an exit that
 * follows at once.
 */
const fromEmulator = 3;
const toEmulator = 4;

/** Frame types towards the instance. */
export const command = { init: 1, invoke: 2, flushCache: 3 } as const;
/** Frame types from the instance. */
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

/** Reads commands until the emulator goes away; then the process ends, whatever it does. */
export function listen(onCommand: (type: number, body: Buffer) => void): void {
  const socket = new Socket({ fd: fromEmulator, readable: true, writable: false });
  let waiting: Buffer[] = [];
  let size = 0;
  socket.on("data", (chunk: Buffer) => {
    waiting.push(chunk);
    size += chunk.length;
    while (size >= 5) {
      const first = waiting[0] as Buffer;
      const head = first.length >= 4 ? first : ((waiting = [Buffer.concat(waiting)])[0] as Buffer);
      const length = head.readUInt32BE(0);
      if (size < 4 + length) return;
      const all = waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting);
      const rest = all.subarray(4 + length);
      waiting = rest.length > 0 ? [rest] : [];
      size = rest.length;
      onCommand(all.readUInt8(4), all.subarray(5, 4 + length));
    }
  });
  const end = (): void => void process.kill(process.pid, "SIGKILL");
  socket.on("close", end);
  socket.on("error", end);
  // An empty event loop has to end the process as on AWS, but only while an invocation runs; see hold() and release().
  connection = socket;
}

let connection: Socket | undefined;

/** Keep the process alive while it waits for the next command. */
export function hold(): void {
  connection?.ref();
}

/** Let the process end by itself when the handler leaves nothing to wait for. */
export function release(): void {
  connection?.unref();
}

/** Sends one frame; returns when the kernel has taken all of it. */
export function send(type: number, ...parts: (Uint8Array | string)[]): void {
  let length = 1;
  for (const part of parts) length += typeof part === "string" ? Buffer.byteLength(part) : part.length;
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt8(type, 4);
  let offset = 5;
  for (const part of parts) {
    if (typeof part === "string") offset += frame.write(part, offset);
    else {
      frame.set(part, offset);
      offset += part.length;
    }
  }
  writeAll(frame);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function writeAll(data: Buffer): void {
  let offset = 0;
  while (offset < data.length) {
    try {
      offset += writeSync(toEmulator, data, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") process.kill(process.pid, "SIGKILL");
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}
