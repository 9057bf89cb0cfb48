/** Connections to the emulator that break at any byte. */
import { readFileSync } from "node:fs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { until } from "../conformance/lambda/emulator-process.ts";
import { startRelay } from "./cutting-relay.ts";
import { withBench, type Bench } from "./emulator-under-fault.ts";
import { trial } from "./trial.ts";

const CALLS = 40;
/** Bytes of a request with its answer: about a thousand. */
const MOST = 1_500;

interface State {
  queuedEvents: number;
  functions: { instances: { state: string }[] }[];
}

const stateOf = async ({ emulator }: Bench): Promise<State> =>
  (await (await fetch(`${emulator.endpoint}/_emulator/state`)).json()) as State;

/** Connections that this process itself keeps alive for its next request. */
const KEPT = 10;
const ESTABLISHED = "01";
const CLOSE_WAIT = "08";

/** TCP connections that the emulator has open; 0 where the system does not say. */
function connections({ emulator }: Bench): number {
  if (process.platform !== "linux") return 0;
  const port = Number(new URL(emulator.endpoint).port).toString(16).toUpperCase().padStart(4, "0");
  const rows = readFileSync(`/proc/${emulator.process.pid}/net/tcp`, "utf8").split("\n").slice(1);
  return rows.filter((row) => {
    const [, local = "", , state = ""] = row.trim().split(/\s+/);
    return local.endsWith(`:${port}`) && (state === ESTABLISHED || state === CLOSE_WAIT);
  }).length;
}

trial({
  kind: "fault",
  fault: `${CALLS} synchronous and asynchronous requests over connections that are closed or reset after a random number of bytes, the answer's included`,
  holds: "what was answered is right, what was accepted is handled, no instance stays busy, no connection stays open",
  short: 1,
  long: 100,
  limit: 60,
  atOnce: 3,
  run: (_seed, random) =>
    withBench(async (bench) => {
      const relay = await startRelay(
        bench.emulator.endpoint,
        () => (random() < 0.7 ? Math.floor(random() * MOST) : undefined),
        () => random() < 0.5,
      );
      const client = new LambdaClient({
        endpoint: relay.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
        maxAttempts: 1,
      });
      let answered = 0;
      try {
        const one = async (n: number): Promise<void> => {
          const asynchronous = random() < 0.5;
          const Payload = JSON.stringify({ n, ms: Math.floor(random() * 20) });
          const InvocationType = asynchronous ? ("Event" as const) : ("RequestResponse" as const);
          try {
            const answer = await client.send(new InvokeCommand({ FunctionName: "noting", InvocationType, Payload }));
            answered += 1;
            if (asynchronous) bench.accepted.push(n);
            else if (Buffer.from(answer.Payload ?? []).toString() !== String(n))
              throw new Error(`request ${n} was answered ${Buffer.from(answer.Payload ?? []).toString()}`);
          } catch (error) {
            if (error instanceof Error && error.message.startsWith("request ")) throw error;
            // Cut off: the caller knows no more.
          }
        };
        const numbers = Array.from({ length: CALLS }, (_, index) => index);
        await Promise.all(
          Array.from({ length: 5 }, async () => {
            for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) await one(n);
          }),
        );
      } finally {
        client.destroy();
        await relay.close();
      }
      await until("no instance is busy", async () => {
        const { queuedEvents, functions } = await stateOf(bench);
        return queuedEvents === 0 && functions.every(({ instances }) => instances.every(({ state }) => state !== "busy"));
      });
      await bench.check();
      await until("connections that were cut are closed", () => connections(bench) <= KEPT);
      return `${relay.cut} of ${CALLS} connections cut, ${answered} answers arrived whole; ${connections(bench)} connections open after`;
    }),
});
