import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { json, send } from "./reply.ts";
import type { Reply } from "./reply.ts";

/** A request whose body has been read. */
export interface Incoming {
  method: string;
  /** Path as sent, still encoded. */
  path: string;
  query: URLSearchParams;
  /** What follows the question mark, as sent. */
  rawQuery: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  response: ServerResponse;
  requestId: string;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

/** Answers a request, or has answered it itself (undefined). */
export type Answerer = (request: Incoming) => Reply | undefined | Promise<Reply | undefined>;

/** Largest request AWS reads for CreateFunction; larger ones are cut off. */
const bodyLimit = 70_167_211;

/** Past this a sender is not heard out any more: nothing of it is meant for us. */
const patience = 4 * bodyLimit;

/** How long a client may take to send a request line with its headers, and a whole request. */
const waits = { headersMs: 30_000, requestMs: 300_000 };

/** An HTTP server on loopback that only speaks to programs of this machine: a web page, and a name that was rebound to 127.0.0.1, are turned away. */
export function createHttpServer(answer: Answerer, { headersMs, requestMs } = waits): Server {
  const options = {
    keepAliveTimeout: 120_000,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(5_000, headersMs),
    // AWS takes 1 MB of request line and headers.
    maxHeaderSize: 1_048_576,
  };
  const server = createServer(options, (request, response) => {
    if (!fromThisMachine(request)) {
      request.resume();
      return send(
        response,
        {
          ...json(403, { message: "Requests from other hosts and origins are refused." }),
          headers: { "x-amzn-errortype": "AccessDeniedException", "content-type": "application/json" },
        },
        randomUUID(),
      );
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > patience) request.destroy();
    });
    request.once(
      "end",
      () =>
        void reply(
          answer,
          request,
          response,
          size > bodyLimit ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
        ),
    );
    request.on("error", () => {});
    response.on("error", () => {});
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = malformed[error.code ?? ""] ?? "400 Bad Request";
    if (socket.writable && error.code !== "ECONNRESET")
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
    else socket.destroy();
  });
  return server;
}

/** Answers to what is no request, by Node's name of the fault. */
const malformed: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** The system's codes for a disk that is full, over its quota, broken, or not to be written to. */
const diskRefuses = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS"]);

async function reply(
  answer: Answerer,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | undefined,
): Promise<void> {
  const requestId = randomUUID();
  if (body === undefined) {
    const message = `Request must be smaller than ${bodyLimit} bytes for the CreateFunction operation`;
    return send(
      response,
      {
        ...json(413, { Type: "User", message }),
        headers: { "x-amzn-errortype": "RequestEntityTooLargeException", "content-type": "application/json" },
      },
      requestId,
    );
  }
  const url = request.url ?? "/";
  const question = url.indexOf("?");
  const rawQuery = question < 0 ? "" : url.slice(question + 1);
  let aborted: AbortController | undefined;
  try {
    const result = answer({
      method: request.method ?? "GET",
      path: question < 0 ? url : url.slice(0, question),
      get query() {
        return new URLSearchParams(rawQuery);
      },
      rawQuery,
      headers: request.headers,
      body,
      response,
      requestId,
      get signal() {
        if (aborted === undefined) {
          const controller = (aborted = new AbortController());
          response.once("close", () => controller.abort());
        }
        return aborted.signal;
      },
    });
    const done = result instanceof Promise ? await result : result;
    if (done !== undefined) send(response, done, requestId);
  } catch (error) {
    // A disk that takes no more is no fault of ours: one line says so, here and to the client.
    const refused = diskRefuses.has((error as NodeJS.ErrnoException).code ?? "");
    const { message, stack } = error as Error;
    process.stderr.write(`fusionize emulator: ${request.method} ${url}: ${refused ? message : stack}\n`);
    const Message = refused
      ? `The emulator's data folder cannot be written: ${message}`
      : "Internal error; see the emulator's log";
    if (response.headersSent) response.destroy();
    else
      send(
        response,
        {
          ...json(500, { Type: "Service", Message }),
          headers: { "x-amzn-errortype": "ServiceException", "content-type": "application/json" },
        },
        requestId,
      );
  }
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9.-]+\.localhost)(:\d+)?$/i;

const functionUrl = /^[a-z2-7]{32}\.lambda-url\.[a-z0-9-]+\.localhost(:\d+)?$/;

function fromThisMachine({ headers }: IncomingMessage): boolean {
  if (headers.host === undefined || !loopback.test(headers.host)) return false;
  // A function URL is meant for browsers; who may call it, the function's policy and CORS settings say.
  if (headers.origin === undefined || functionUrl.test(headers.host)) return true;
  // A page served by this machine is let in; "null" and every other origin are not.
  const origin = /^https?:\/\/(.+)$/.exec(headers.origin)?.[1];
  return origin !== undefined && loopback.test(origin) && origin === headers.host;
}
