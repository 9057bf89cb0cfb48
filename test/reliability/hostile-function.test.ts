/** A function that means harm to the emulator: it writes into the channel that its process reports on. */
import { InvokeCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, startEmulatorProcess, until } from "../conformance/lambda/emulator-process.ts";
import { trial } from "./trial.ts";

/** Writes to the descriptors of commands and reports what it is told, as base64, then answers. */
const WRITES = `for (const { to, bytes } of event.writes) {
    try { writeSync(to, Buffer.from(bytes, "base64")); } catch {}
  }
  return "survived";`;

/** A frame's head: length of what follows, type. */
function head(length: number, type: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(length >>> 0);
  bytes[4] = type;
  return bytes;
}

const LOG = 13;
const RESPONSE = 14;

function hostileBytes(random: () => number): Buffer {
  const noise = Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
  const type = 10 + Math.floor(random() * 12);
  const forms = [
    () => noise,
    () => head(0, type),
    () => head(1, LOG),
    () => head(3, RESPONSE),
    () => head(0xffffffff, type),
    () => Buffer.concat([head(noise.length + 1, type), noise]),
    // A result that is no JSON.
    () => Buffer.concat([head(1 + 8 + 5, RESPONSE), Buffer.alloc(8), Buffer.from("hello")]),
  ];
  return forms[Math.floor(random() * forms.length)]!();
}

trial({
  kind: "fault",
  fault:
    "a function that writes random bytes and broken frames into its channel to the emulator, asked synchronously and by events with a destination",
  holds: "the emulator stays up, every request is answered, the queue runs empty, other functions are served",
  short: 1,
  long: 60,
  limit: 60,
  atOnce: 3,
  run: async (_seed, random) => {
    const emulator = await startEmulatorProcess("--fidelity", "fast", "--retry-scale", "0.002");
    try {
      const { lambda, endpoint } = emulator;
      await createFunction(lambda, "hostile", handlerZip(WRITES, `import { writeSync } from "node:fs";`), { Timeout: 2 });
      await createFunction(lambda, "honest", handlerZip("return event;"));
      const Destination = "arn:aws:lambda:us-east-1:123456789012:function:honest";
      const DestinationConfig = { OnSuccess: { Destination }, OnFailure: { Destination } };
      await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "hostile", DestinationConfig }));
      let survived = 0;
      for (let index = 0; index < 6; index += 1) {
        const writes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
          to: random() < 0.7 ? 4 : 3,
          bytes: hostileBytes(random).toString("base64"),
        }));
        const asynchronous = random() < 0.5;
        const answer = await lambda.send(
          new InvokeCommand({
            FunctionName: "hostile",
            Payload: JSON.stringify({ writes }),
            InvocationType: asynchronous ? "Event" : "RequestResponse",
          }),
        );
        if (Buffer.from(answer.Payload ?? []).toString() === '"survived"') survived += 1;
      }
      await until(
        "the queue is empty",
        async () => {
          const { queuedEvents } = (await (await fetch(`${endpoint}/_emulator/state`)).json()) as { queuedEvents: number };
          return queuedEvents === 0;
        },
        40,
      );
      const honest = await lambda.send(new InvokeCommand({ FunctionName: "honest", Payload: "7" }));
      if (Buffer.from(honest.Payload ?? []).toString() !== "7") throw new Error("another function was answered for");
      return `${survived} of the synchronous requests answered as if nothing had been`;
    } finally {
      await emulator.stop();
    }
  },
});
