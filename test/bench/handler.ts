import { serve } from "../../extension/runtime/handler.ts";
import { task } from "../../extension/runtime/index.ts";
import { type Peer, defineBench } from "./bench.ts";

/** Bytes of input and of result, about. */
const PAYLOADS = { "25 B": 25, "1 kB": 1_000, "10 kB": 10_000, "100 kB": 100_000 } as const;
/** Calls in one invocation, and invocations in one round: calls × bytes stays about the same. */
const CALLS = 20;
const invocations = (bytes: number, scale: number) => Math.max(1, Math.round((40_000_000 / (bytes + 2000) / CALLS) * scale));

interface Payload {
  readonly items: readonly { readonly sensor: number; readonly value: number; readonly unit: string }[];
}

function payload(bytes: number): Payload {
  const item = { sensor: 17, value: 21.5, unit: "°C" };
  return { items: Array.from({ length: Math.max(1, Math.round(bytes / JSON.stringify(item).length)) }, () => item) };
}

/** The work of the task called: next to none, so that the call itself is what is seen. */
const answer = async (input: Payload): Promise<Payload> => input;

const callee = task("benchCallee", answer);
const root = task(
  "benchRoot",
  async (input: Payload): Promise<number> => await timeCalls(async () => void (await callee(input))),
);
const handler = serve({ root: root.taskName, setup: "bench", inline: [callee.taskName], inlineAsync: [], remote: false });

/** Microseconds of one call, of several made one after another. */
async function timeCalls(call: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < CALLS; count++) await call();
  return ((performance.now() - start) * 1000) / CALLS;
}

const context = {
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  functionName: "bench-local-benchRoot",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:bench-local-benchRoot:r1",
  memoryLimitInMB: "1769",
  logGroupName: "/aws/lambda/bench-local-benchRoot",
  logStreamName: "2026/11/24/[1]0123456789abcdef0123456789abcdef",
  getRemainingTimeInMillis: () => 60_000,
};

/** The handler writes a record of each invocation to stdout, where the report goes: swallowed, but made. */
async function withoutRecords<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

function peer(name: string, invoke: (input: Payload) => Promise<number>): Peer {
  return {
    name,
    async run({ scale }) {
      const values: Record<string, number> = {};
      for (const [size, bytes] of Object.entries(PAYLOADS)) {
        const input = payload(bytes);
        const count = invocations(bytes, scale);
        let sum = 0;
        await withoutRecords(async () => {
          for (let index = 0; index < count; index++) sum += await invoke(input);
        });
        values[size] = sum / count;
      }
      return values;
    },
  };
}

export const bench = defineBench({
  name: "handler",
  description:
    "A synchronous call that is inlined, against calling the same function plainly on a copy of the input and copying its result (JSON both ways, " +
    `what a remote call does to values). Means over many invocations of ${CALLS} calls each, seen from the caller.`,
  metrics: Object.keys(PAYLOADS).map((name) => ({ name, unit: "µs", better: "lower" })),
  rounds: 9,
  peers: [
    peer("plain call and two JSON copies", async (input) =>
      timeCalls(async () => {
        const result = await answer(JSON.parse(JSON.stringify(input)) as Payload);
        JSON.parse(JSON.stringify(result));
      }),
    ),
    peer("inlined call", async (input) => (await handler(input, context)) as number),
  ],
  goals: Object.keys(PAYLOADS).map((metric) => ({
    peer: "inlined call",
    metric,
    of: "plain call and two JSON copies",
    atMost: 1.5,
  })),
});
