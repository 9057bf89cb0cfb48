/** Stands between the deployer and an endpoint: records requests, and answers or cuts off the ones it is told to. */
import { createServer, request as forward, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  /** From 1. */
  index: number;
  method: string;
  /** Path for Lambda; for CloudWatch Logs, IAM and STS the action. */
  operation: string;
}

/** What happens to a request instead of being passed on: an answer, a broken connection before, or after the endpoint has acted. */
export type Fault = { status: number; error: string; message: string } | "cut-before" | "cut-after" | undefined;

export interface Proxy {
  endpoint: string;
  seen: Seen[];
  /** Decides on each request; reset with `pass`. */
  fault: (request: Seen) => Fault;
  /** Awaited before a request is passed on: what somebody else does just before it. */
  before: (request: Seen) => Promise<void>;
  /** Changes the body of an answer; undefined = as it came. */
  rewrite: (request: Seen, body: string) => string | undefined;
  /** Back to passing everything on, and forgets what was seen. */
  reset(): void;
  close(): Promise<void>;
}

export const pass = (): Fault => undefined;

const nothing = async (): Promise<void> => {};
const same = (): undefined => undefined;

const READS = /^(?:GET .*|POST (?:Describe|Filter|Get|List).*)$/;

export function isWrite({ method, operation }: Seen): boolean {
  return !READS.test(`${method} ${operation}`);
}

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await read(incoming);
      const seen = { index: proxy.seen.length + 1, method: incoming.method ?? "", operation: operationOf(incoming, body) };
      proxy.seen.push(seen);
      await proxy.before(seen);
      const fault = proxy.fault(seen);
      if (fault === "cut-before") return void incoming.socket.destroy();
      if (typeof fault === "object") {
        outgoing.writeHead(fault.status, { "content-type": "application/json", "x-amzn-errortype": fault.error });
        return void outgoing.end(JSON.stringify({ __type: fault.error, message: fault.message, Type: "User" }));
      }
      const passed = forward(
        { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => {
          if (fault === "cut-after") {
            answer.resume().once("end", () => incoming.socket.destroy());
            return;
          }
          void read(answer).then((bytes) => {
            const changed = proxy.rewrite(seen, bytes.toString());
            const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = answer.headers;
            outgoing.writeHead(answer.statusCode ?? 502, headers);
            outgoing.end(changed ?? bytes);
          });
        },
      );
      passed.on("error", () => incoming.socket.destroy());
      passed.end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    fault: pass,
    before: nothing,
    rewrite: same,
    reset() {
      proxy.seen.length = 0;
      Object.assign(proxy, { fault: pass, before: nothing, rewrite: same });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function operationOf({ headers, url = "" }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".")[1] ?? target;
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return new URLSearchParams(body.toString()).get("Action") ?? "";
  }
  return decodeURIComponent(url.split("?")[0]!);
}
