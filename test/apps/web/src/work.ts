/** The work of the published application: CPU work in threads, and a sieve that needs memory. */
import { Worker } from "node:worker_threads";

/** Steps of the kernel per thread: a thread takes about 88 vCPU-ms, as on Lambda in the published runs (see the iot app). */
const STEPS = 1_900_000;
/** Numbers that the sieve goes through. */
const SIEVE = 500_000;

/** Tests make all work smaller by this knob. */
const scale = Number(process.env["FUSIONIZE_WORK_SCALE"] ?? 1);

/** As text, because a bundle is one file: a worker has no other file to start from. */
const kernel = `
  const { parentPort, workerData } = require("node:worker_threads");
  let sum = 0;
  for (let i = workerData.steps; i >= 0; i--) sum += Math.atan(i) * Math.tan(i);
  parentPort.postMessage(sum);
`;

/** Counts down in that many worker threads at once, adding up atan(i) · tan(i). */
export async function countDown(threads: 1 | 2): Promise<void> {
  await Promise.all(Array.from({ length: threads }, inThread));
}

async function inThread(): Promise<void> {
  const worker = new Worker(kernel, { eval: true, workerData: { steps: Math.round(STEPS * scale) } });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    // Not before the thread has gone: a function may be frozen as soon as its task has answered.
    worker.once("exit", () => resolve());
  });
}

/** How many primes the sieve of Eratosthenes finds, in an array of plain values. */
export function countPrimes(): number {
  const limit = Math.round(SIEVE * scale);
  const composite: boolean[] = [];
  let primes = 0;
  for (let candidate = 2; candidate <= limit; candidate++) {
    if (composite[candidate]) continue;
    primes++;
    for (let multiple = candidate * candidate; multiple <= limit; multiple += candidate) composite[multiple] = true;
  }
  return primes;
}
