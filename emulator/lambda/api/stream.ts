import { crc32 } from "node:zlib";
import { calibration } from "../../calibration.ts";
import { invokeTooLarge } from "../errors.ts";
import type { Operation } from "../service.ts";
import { StreamPace } from "../stream-pace.ts";
import { traceHeader } from "../trace.ts";
import { clientContext, eventOf, header, invoked, syncLimit } from "./invoke.ts";

/** InvokeWithResponseStream: chunks go to the caller as the handler writes them; an error in mid-stream comes in the last event. */
export const invokeWithResponseStream: Operation = async (call) => {
  const { record, qualifier } = invoked(call);
  if (call.body.length > syncLimit) throw invokeTooLarge(syncLimit);
  const payload = eventOf(call.body);
  const { response } = call;
  let version = "$LATEST";
  let open = false;
  const begin = (): void => {
    if (open) return;
    open = true;
    response.writeHead(200, {
      "content-type": "application/vnd.amazon.eventstream",
      "x-amzn-requestid": call.requestId,
      "x-amz-executed-version": version,
    });
  };
  const pace = new StreamPace((bytes) => {
    begin();
    // Event stream frames hold at most 24 MB; smaller ones let the client start early.
    for (let at = 0; at < bytes.length; at += 1_048_576)
      response.write(frame("PayloadChunk", "application/octet-stream", bytes.subarray(at, at + 1_048_576)));
  }, call.service.options.fidelity === "aws");
  const outcome = await call.service.invoker.runSync(
    record,
    qualifier,
    {
      requestId: call.requestId,
      payload,
      clientContext: clientContext(call),
      traceId: traceHeader(record, header(call, "x-amzn-trace-id")),
      tail: header(call, "x-amz-log-type") === "Tail",
      onStream: { start: begin, chunk: (bytes) => pace.push(bytes) },
    },
    (chosen) => (version = chosen),
  );
  if (!outcome.failed && outcome.streamed !== true) pace.push(outcome.payload);
  await pace.done();
  begin();
  const complete: Record<string, unknown> = {};
  if (outcome.failed) {
    const details = outcome.payload.toString();
    complete["ErrorCode"] = (JSON.parse(details) as { errorType?: string }).errorType ?? "Unhandled";
    complete["ErrorDetails"] = details;
  } else if (pace.exceeded) {
    complete["ErrorCode"] = "Function.ResponseSizeTooLarge";
    complete["ErrorDetails"] =
      `Response payload size exceeded maximum allowed payload size (${calibration.streamMostBytes} bytes).`;
  }
  if (outcome.logTail !== undefined) complete["LogResult"] = outcome.logTail;
  response.end(frame("InvokeComplete", "application/json", Buffer.from(JSON.stringify(complete))));
  return undefined;
};

/** One message of the vnd.amazon.eventstream framing: lengths, prelude checksum, headers, payload, checksum. */
export function frame(eventType: string, contentType: string, payload: Uint8Array): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ":message-type": "event", ":event-type": eventType, ":content-type": contentType }).map(([name, value]) => {
      const bytes = Buffer.alloc(1 + name.length + 1 + 2 + value.length);
      bytes.writeUInt8(name.length, 0);
      bytes.write(name, 1, "latin1");
      bytes.writeUInt8(7, 1 + name.length);
      bytes.writeUInt16BE(value.length, 2 + name.length);
      bytes.write(value, 4 + name.length, "latin1");
      return bytes;
    }),
  );
  const message = Buffer.alloc(12 + headers.length + payload.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(headers, 12);
  message.set(payload, 12 + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}
