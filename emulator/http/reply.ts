import type { ServerResponse } from "node:http";

/** An answer to one request; `undefined` from a handler means it has answered itself. */
export interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: Uint8Array | string;
}

/** A JSON answer; members that are undefined are left out. */
export function json(status: number, value: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

export const empty = (status: number): Reply => ({ status });

export function send(response: ServerResponse, reply: Reply, requestId: string): void {
  const body = reply.body === undefined ? undefined : typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string | string[] | number> = { "x-amzn-requestid": requestId, ...reply.headers };
  if (reply.status !== 204) headers["content-length"] = body?.length ?? 0;
  response.writeHead(reply.status, headers);
  response.end(body);
}
