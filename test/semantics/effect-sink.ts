/** Counts the effects that tasks of the nasty app have, by key: a small HTTP server. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class EffectSink {
  readonly url: string;
  readonly #server: Server;
  #counts = new Map<string, number>();
  /** Tells which sources are not to be counted: instances that are over. */
  ignore: (source: string) => boolean = () => false;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on("request", (request, response) => {
      let key = "";
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => (key += chunk));
      request.on("end", () => {
        const before = this.#counts.get(key) ?? 0;
        const count = this.ignore(String(request.headers["x-source"])) ? before : before + 1;
        if (count > 0) this.#counts.set(key, count);
        response.end(String(count));
      });
    });
  }

  static async start(): Promise<EffectSink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new EffectSink(server);
  }

  /** Effects since the last call, sorted. */
  take(): [string, number][] {
    const taken = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#counts = new Map();
    return taken;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
