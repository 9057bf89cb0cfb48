import { once } from "node:events";
import { request } from "node:http";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { json } from "../../../emulator/http/reply.ts";
import { createHttpServer } from "../../../emulator/http/server.ts";

let server: Server;
let port: number;
beforeEach(async () => {
  server = createHttpServer((incoming) => json(200, { bytes: incoming.body.length }), { headersMs: 300, requestMs: 600 });
  await once(server.listen(0, "127.0.0.1"), "listening");
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (headers: Record<string, string>, body?: Iterable<Uint8Array>): Promise<number> =>
  new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.once("error", reject);
    for (const part of body ?? []) asking.write(part);
    asking.end();
  });

test.each([
  ["localhost", undefined, 200],
  ["LOCALHOST:1234", undefined, 200],
  ["127.0.0.1:80", undefined, 200],
  ["[::1]:80", undefined, 200],
  ["anything.localhost:80", undefined, 200],
  ["evil.example", undefined, 403],
  ["127.0.0.1.evil.example", undefined, 403],
  ["localhost.evil.example", undefined, 403],
  ["evil-localhost", undefined, 403],
  ["0.0.0.0", undefined, 403],
  ["127.0.0.1:80@evil.example", undefined, 403],
  ["localhost, evil.example", undefined, 403],
  ["localhost:80", "http://localhost:80", 200],
  ["localhost:80", "http://localhost:81", 403],
  ["localhost:80", "http://127.0.0.1:80", 403],
  ["localhost:80", "https://evil.example", 403],
  ["localhost:80", "null", 403],
  ["localhost:80", "http://localhost:80.evil.example", 403],
  [`${"a".repeat(32)}.lambda-url.us-east-1.localhost:80`, "https://evil.example", 200],
  [`${"a".repeat(32)}.lambda-url.us-east-1.localhost.evil.example`, undefined, 403],
])("host %s from origin %s: %i", async (host, origin, status) => {
  expect(await ask({ host, ...(origin === undefined ? {} : { origin }) })).toBe(status);
});

/** Sends `text` a byte every few ms until the server has had enough; resolves with its answer. */
const dribble = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    let at = 0;
    const drip = setInterval(() => socket.writable && socket.write(text[at++] ?? "a"), 10);
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("error", () => {});
    socket.once("close", () => {
      clearInterval(drip);
      resolve(answer);
    });
  });

test("a request that never ends is given up, in its headers and in its body, and others are served meanwhile", async () => {
  const slow = [
    ...Array.from({ length: 20 }, () => dribble("GET / HTTP/1.1\r\nX: ")),
    dribble("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"),
  ];
  expect(await ask({ host: "localhost" })).toBe(200);
  expect((await Promise.all(slow)).map((answer) => answer.split("\r\n")[0])).toEqual(
    Array.from({ length: 21 }, () => "HTTP/1.1 408 Request Timeout"),
  );
});

test("a body over the largest request of AWS is refused, and one without end is cut off", async () => {
  const part = Buffer.alloc(1_048_576);
  const parts = function* (count: number): Iterable<Uint8Array> {
    for (let index = 0; index < count; index++) yield part;
  };
  server.requestTimeout = 0;
  expect(await ask({ host: "localhost" }, parts(66))).toBe(200);
  expect(await ask({ host: "localhost" }, parts(67))).toBe(413);
  await expect(ask({ host: "localhost" }, parts(300))).rejects.toThrow();
});

test("a megabyte of headers is taken, more is refused", async () => {
  expect(await ask({ host: "localhost", a: "x".repeat(1_000_000) })).toBe(200);
  expect(await ask({ host: "localhost", a: "x".repeat(1_048_577) })).toBe(431);
});
