/** CPU work of the amount that the published application does. */
import { Worker } from "node:worker_threads";

/**
 * Steps of the kernel per thread. Two threads of it take about 176 vCPU-ms, starting the threads included: what the published runs
 * took on Lambda (2.4 s at 128 MB). Their 823,544 steps do so on Node 16; Node 24 computes a step in less than half the time.
 */
const STEPS = 1_900_000;

/** Tests make all work smaller by this knob. */
const scale = Number(process.env["FUSIONIZE_WORK_SCALE"] ?? 1);

/** As text, because a bundle is one file: a worker has no other file to start from. */
const kernel = `
  const { parentPort, workerData } = require("node:worker_threads");
  let sum = 0;
  for (let i = workerData.steps; i >= 0; i--) sum += Math.atan(i) * Math.tan(i);
  parentPort.postMessage(sum);
`;

/** Counts down in two worker threads at once, adding up atan(i) · tan(i). */
export async function countDownTwice(): Promise<void> {
  await Promise.all([countDown(), countDown()]);
}

async function countDown(): Promise<number> {
  const worker = new Worker(kernel, { eval: true, workerData: { steps: Math.round(STEPS * scale) } });
  return await new Promise((resolve, reject) => {
    let sum: number | undefined;
    worker.once("message", (value: number) => {
      sum = value;
    });
    worker.once("error", reject);
    // Not before the thread has gone: a function may be frozen as soon as its task has answered.
    worker.once("exit", () =>
      sum === undefined ? reject(new Error("The worker thread ended without a result.")) : resolve(sum),
    );
  });
}

/** How many primes there are up to a number, by the sieve of Eratosthenes. */
export function countPrimes(limit: number): number {
  const composite: boolean[] = [];
  let primes = 0;
  for (let candidate = 2; candidate <= limit; candidate++) {
    if (composite[candidate]) continue;
    primes++;
    for (let multiple = candidate * candidate; multiple <= limit; multiple += candidate) composite[multiple] = true;
  }
  return primes;
}
