import { Writable } from "node:stream";
import { report, send } from "./channel.ts";
import { streaming } from "./handler.ts";
import type { Handler } from "./handler.ts";

const httpIntegration = "application/vnd.awslambda.http-integration-response";

/** The response of a streaming handler: every chunk goes out at once. */
export class ResponseStream extends Writable {
  started = false;
  contentType = "application/octet-stream";

  constructor() {
    super({ highWaterMark: 65_536 });
  }

  setContentType(type: string): void {
    this.contentType = type;
  }

  /** Sends the head of the stream before its first byte. */
  start(): void {
    if (this.started) return;
    this.started = true;
    send(report.streamStart, Buffer.from(this.contentType));
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.start();
    send(report.streamChunk, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }
}

/** Metadata of an HTTP answer before its body: JSON, then eight NUL bytes. */
function fromMetadata(stream: ResponseStream, metadata: unknown): ResponseStream {
  stream.setContentType(httpIntegration);
  stream.write(JSON.stringify(metadata));
  stream.write(Buffer.alloc(8));
  return stream;
}

/** Defines the global `awslambda` that streaming handlers are written against. */
export function defineStreamingGlobal(): void {
  if (["1", "true"].includes(process.env["AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA"] ?? "")) return;
  const streamifyResponse = (handler: Handler, options?: { highWaterMark?: number }): Handler => {
    handler[streaming] = "response";
    if (options?.highWaterMark !== undefined)
      Object.assign(handler, { [Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark")]: options.highWaterMark });
    return handler;
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from: fromMetadata } } });
}
