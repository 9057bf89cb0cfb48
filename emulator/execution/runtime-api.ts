import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { command, report } from "./frames.ts";
import type { Revision } from "./revision.ts";
import { Worker } from "./worker.ts";
import type { WorkerHost } from "./worker.ts";

/** Runtimes that bring their own executable and speak Lambda's Runtime API over HTTP. */
export const isCustom = (settings: { runtime: string }): boolean => settings.runtime.startsWith("provided.");

interface Invocation {
  requestId: string;
  headers: Record<string, string>;
  payload: Buffer;
}

const base = "/2018-06-01/runtime";
const responseLimit = 6 * 1_048_576 + 100;

/**
 * A process that fetches its invocations over HTTP. Each has a server of its own, since clients of the Runtime API take no path in its address. To its instance
 * it looks like any other worker: commands become answers to `next`, posts become reports.
 */
export class RuntimeApiWorker extends Worker {
  private readonly server: Server;
  private asking: ServerResponse | undefined;
  private waiting: Invocation | undefined;
  private current: string | undefined;
  private ready = false;

  constructor(host: WorkerHost, revision: Revision) {
    super(host, {
      command: ["/bin/sh", "-c", launcher],
      environment: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      cwd: revision.root,
    });
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on("clientError", (_error, socket) => socket.destroy());
  }

  override send(type: number, ...parts: Uint8Array[]): void {
    this.thaw();
    if (type === command.init)
      this.start(JSON.parse(Buffer.concat(parts).toString()) as { environment: Record<string, string>; root: string });
    else if (type === command.invoke) this.deliver(Buffer.concat(parts));
  }

  protected override ended(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private start({ environment, root }: { environment: Record<string, string>; root: string }): void {
    this.server.listen(0, "127.0.0.1", () => {
      const { port } = this.server.address() as AddressInfo;
      const own = { ...environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` };
      const variables = Object.entries(own).map(([name, value]) => quoted(`${name}=${value}`));
      this.commands.end(`exec env -i ${variables.join(" ")} ${quoted(join(root, "bootstrap"))}\n`);
    });
  }

  private deliver(body: Buffer): void {
    const split = 4 + body.readUInt32BE(0);
    const header = JSON.parse(body.toString("utf8", 4, split)) as {
      requestId: string;
      arn: string;
      deadline: number;
      traceId: string;
      clientContext?: string;
      identity?: string;
    };
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": header.requestId,
      "Lambda-Runtime-Deadline-Ms": String(header.deadline),
      "Lambda-Runtime-Invoked-Function-Arn": header.arn,
      "Lambda-Runtime-Trace-Id": header.traceId,
    };
    if (header.clientContext !== undefined) headers["Lambda-Runtime-Client-Context"] = header.clientContext;
    if (header.identity !== undefined) headers["Lambda-Runtime-Cognito-Identity"] = header.identity;
    this.waiting = { requestId: header.requestId, headers, payload: Buffer.from(body.subarray(split)) };
    this.handOver();
  }

  private handOver(): void {
    if (this.asking === undefined || this.waiting === undefined) return;
    const { asking, waiting } = this;
    this.asking = undefined;
    this.waiting = undefined;
    this.current = waiting.requestId;
    asking.writeHead(200, { ...waiting.headers, "content-length": waiting.payload.length }).end(waiting.payload);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (request.method === "GET" && path === `${base}/invocation/next`) return this.next(response);
    const posted =
      request.method === "POST" ? /^\/2018-06-01\/runtime\/(init|invocation\/([^/]+))\/(response|error)$/.exec(path) : null;
    if (posted === null) return respond(response, 404, { errorMessage: "Not found", errorType: "NotFound" });
    if (posted[2] !== undefined && posted[2] !== this.current)
      return respond(response, 400, { errorMessage: "Invalid request ID", errorType: "InvalidRequestID" });
    const streamed = request.headers["lambda-runtime-function-response-mode"] === "streaming";
    if (streamed && posted[3] === "response") return this.stream(request, response);
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= responseLimit + 1) chunks.push(chunk);
    });
    request.once("end", () => this.posted(posted[2] === undefined, posted[3] === "error", Buffer.concat(chunks), response));
  }

  private next(response: ServerResponse): void {
    this.current = undefined;
    this.asking = response;
    response.once("close", () => {
      if (this.asking === response) this.asking = undefined;
    });
    if (this.ready) return this.handOver();
    this.ready = true;
    this.listener?.frame(report.ready, Buffer.alloc(0));
  }

  private posted(init: boolean, failed: boolean, body: Buffer, response: ServerResponse): void {
    if (body.length > responseLimit)
      respond(response, 413, {
        errorMessage: `Exceeded maximum allowed payload size (${responseLimit} bytes).`,
        errorType: "RequestEntityTooLarge",
      });
    else respond(response, 202, { status: "OK" });
    if (init) return this.listener?.frame(report.initError, body);
    this.current = undefined;
    this.listener?.frame(failed ? report.error : report.response, Buffer.concat([Buffer.alloc(8), body]));
  }

  /** A streamed response; its trailers tell of a failure in mid-stream. */
  private stream(request: IncomingMessage, response: ServerResponse): void {
    this.listener?.frame(report.streamStart, Buffer.from(request.headers["content-type"] ?? "application/octet-stream"));
    request.on("data", (chunk: Buffer) => this.listener?.frame(report.streamChunk, chunk));
    request.once("end", () => {
      respond(response, 202, { status: "OK" });
      this.current = undefined;
      const body = request.trailers["lambda-runtime-function-error-body"];
      if (body === undefined) this.listener?.frame(report.streamEnd, Buffer.alloc(8));
      else this.listener?.frame(report.error, Buffer.concat([Buffer.alloc(8), Buffer.from(body, "base64")]));
    });
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A shell that becomes the runtime once its command line has come through the channel: environment and address are not known before. */
const launcher = 'script=$(cat <&3); exec 3<&- 4>&-; eval "$script"';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
