import { Agent, request } from "node:http";
import { percentile } from "../harness/statistics.ts";

export type Client = Agent;

export const newClient = (connections: number): Client => new Agent({ keepAlive: true, maxSockets: connections });

/** Posts a body and reads the whole answer. */
export function post(
  client: Client,
  url: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...more };
    const call = request(url, { method: "POST", agent: client, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** Milliseconds of one call; anything but the event itself as the answer is an error, or the speed would mean nothing. */
export async function timedCall(client: Client, url: string, body: string, expected: string): Promise<number> {
  const start = performance.now();
  const { status, text } = await post(client, url, body);
  const ms = performance.now() - start;
  if (status !== 200 || text.length !== expected.length) throw new Error(`answer ${status}: ${text.slice(0, 300)}`);
  return ms;
}

export interface Load {
  /** Calls a second. */
  readonly rate: number;
  /** Milliseconds of the median call. */
  readonly p50: number;
}

/** `count` calls by `clients` clients, each on a connection of its own, one call after another. */
export async function load(url: string, body: string, expected: string, clients: number, count: number): Promise<Load> {
  const client = newClient(clients);
  const times: number[] = [];
  let left = count;
  const start = performance.now();
  try {
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (left-- > 0) times.push(await timedCall(client, url, body, expected));
      }),
    );
  } finally {
    client.destroy();
  }
  return { rate: times.length / ((performance.now() - start) / 1000), p50: percentile(times, 50) };
}
