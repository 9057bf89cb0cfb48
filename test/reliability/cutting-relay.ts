/** Passes bytes between clients and a server, and cuts connections: at once, or after so many bytes in either direction. */
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface Relay {
  endpoint: string;
  /** Connections that were cut. */
  cut: number;
  close(): Promise<void>;
}

/**
 * @param after for each connection: bytes that pass before it is cut, those of both directions together; undefined = not cut.
 * @param resets whether a cut is a reset (RST), else the sockets are closed.
 */
export async function startRelay(target: string, after: () => number | undefined, resets: () => boolean): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    let left = after();
    const cut = (): void => {
      relay.cut += 1;
      for (const socket of [client, upstream])
        if (resets()) socket.resetAndDestroy();
        else socket.destroy();
    };
    const pass = (from: Socket, to: Socket): void => {
      open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => (open.delete(from), to.destroy()));
      from.on("data", (bytes: Buffer) => {
        if (left === undefined) return void to.write(bytes);
        const allowed = bytes.subarray(0, left);
        left -= allowed.length;
        if (left > 0) return void to.write(allowed);
        to.write(allowed, cut);
      });
      from.on("end", () => to.end());
    };
    pass(client, upstream);
    pass(upstream, client);
    if (left === 0) cut();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const relay: Relay = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: 0,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return relay;
}
