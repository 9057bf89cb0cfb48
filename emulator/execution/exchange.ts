import type { Failure } from "./failures.ts";
import type { Invocation } from "./revision.ts";

/** What goes with an event to the process; `instance/context.ts` reads it. */
export interface InvocationHeader {
  requestId: string;
  arn: string;
  /** Epoch ms. */
  deadline: number;
  traceId: string;
  clientContext: string | undefined;
  identity: string | undefined;
}

export interface Result {
  payload?: Buffer;
  failure?: Failure;
  streamed?: boolean;
}

/** A request that has its result. */
export interface End {
  invocation: Invocation;
  result: Result;
  durationMs: number;
  initMs: number | undefined;
}

export const payloadOf = ({ failure, payload }: Result): Buffer => failure?.payload ?? payload ?? Buffer.alloc(0);

/** Body of an invocation's frame: length of the header, header, event. */
export function withHeader(header: InvocationHeader, payload: Uint8Array): Buffer {
  const text = JSON.stringify(header);
  const size = Buffer.byteLength(text);
  const body = Buffer.allocUnsafe(4 + size + payload.length);
  body.writeUInt32BE(size, 0);
  body.write(text, 4);
  body.set(payload, 4 + size);
  return body;
}
