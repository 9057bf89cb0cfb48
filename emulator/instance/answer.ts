import { report, send } from "./channel.ts";
import { describeError } from "./errors.ts";

/** Sends the result of an invocation as JSON text. */
export function answer(text: string): void {
  send(report.response, memory(), text);
}

/** Sends the error that ended an invocation. */
export function answerError(error: unknown): void {
  send(report.error, memory(), JSON.stringify(describeError(error)));
}

/** Ends a streamed response. */
export function endStream(): void {
  send(report.streamEnd, memory());
}

const unknown = Buffer.alloc(8);

/** Resident memory in bytes where the emulator cannot read it from the kernel itself; else 0. */
function memory(): Buffer {
  if (process.platform === "linux") return unknown;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(process.resourceUsage().maxRSS * 1024);
  return bytes;
}
