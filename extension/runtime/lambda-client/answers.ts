/** What the SDK's client answers, made without a service behind it. */
import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { randomUUID } from "node:crypto";
import type { Run } from "../run.ts";

type Fault = new (options: { message: string; $fault: string; $metadata: object; name: string }) => Error;

/** Classes of the application's own SDK, whichever version it is, by name. */
export type Sdk = Readonly<Record<string, Fault | undefined>>;

/** Bytes that can be read as text: what the SDK calls the type of payloads. */
class Uint8ArrayBlobAdapter extends Uint8Array {
  static fromString(text: string, encoding: BufferEncoding = "utf-8"): Uint8ArrayBlobAdapter {
    return Uint8ArrayBlobAdapter.mutate(Buffer.from(text, encoding));
  }

  static mutate(bytes: Uint8Array): Uint8ArrayBlobAdapter {
    Object.setPrototypeOf(bytes, Uint8ArrayBlobAdapter.prototype);
    return bytes as Uint8ArrayBlobAdapter;
  }

  transformToString(encoding: BufferEncoding = "utf-8"): string {
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString(encoding);
  }
}

const metadata = (status: number) => ({ httpStatusCode: status, requestId: randomUUID(), attempts: 1, totalRetryDelay: 0 });

export function answer(caller: Run, status: number, payload: string, functionError?: string): InvokeCommandOutput {
  return {
    $metadata: metadata(status),
    ...(functionError === undefined ? {} : { FunctionError: functionError }),
    ...(status === 200 ? { ExecutedVersion: caller.invocation.context.functionVersion } : {}),
    // A copy of its own, as from the wire; that of an accepted event is empty, which the SDK tells as none.
    Payload: status === 200 ? Uint8ArrayBlobAdapter.mutate(Uint8Array.from(Buffer.from(payload))) : undefined,
    StatusCode: status,
  };
}

/** The error that the SDK makes of a refusal, of the class it has for it. */
export function refused(sdk: Sdk, status: number, name: string, message: string): Error {
  const known = sdk[name] ?? sdk["LambdaServiceException"];
  const $fault = status < 500 ? "client" : "server";
  const error = known ? new known({ message, $fault, $metadata: metadata(status), name }) : new Error(message);
  return Object.assign(error, { name, ...(name in sdk ? { Type: status < 500 ? "User" : "Server" } : {}) });
}

/** The event's JSON text; without a payload the service hands on an empty object. */
export function payloadText(payload: InvokeCommandInput["Payload"]): string {
  if (payload === undefined || payload === null) return "{}";
  const text = typeof payload === "string" ? payload : Buffer.from(payload as Uint8Array).toString("utf8");
  return text === "" ? "{}" : text;
}
