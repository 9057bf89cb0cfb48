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

/** An HTTP server on loopback that only speaks to programs of this machine: a web page, and a name that was rebound to 127.0.0.1, are turned away. */
export function createHttpServer(answer: Answerer): Server {
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0, maxHeaderSize: 65_536 }, (request, response) => {
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
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

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
  let aborted: AbortController | undefined;
  try {
    const result = answer({
      method: request.method ?? "GET",
      path: question < 0 ? url : url.slice(0, question),
      query: new URLSearchParams(question < 0 ? "" : url.slice(question + 1)),
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
    process.stderr.write(`fusionize emulator: ${request.method} ${url}: ${(error as Error).stack}\n`);
    if (response.headersSent) response.destroy();
    else
      send(
        response,
        {
          ...json(500, { Type: "Service", Message: "Internal error; see the emulator's log" }),
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
