/** The work of the published application: waiting, and CPU work in two threads. */
import { Worker } from "node:worker_threads";

/** Steps of the kernel per thread: two threads take about 176 vCPU-ms, as on Lambda in the published runs (see the iot app). */
const STEPS = 1_900_000;
/** ms. */
const SLEEP = 500;

/** Tests make all work and all sleeps smaller by this knob. */
const scale = Number(process.env["FUSIONIZE_WORK_SCALE"] ?? 1);

/** As text, because a bundle is one file: a worker has no other file to start from. */
const kernel = `
  const { parentPort, workerData } = require("node:worker_threads");
  let sum = 0;
  for (let i = workerData.steps; i >= 0; i--) sum += Math.atan(i) * Math.tan(i);
  parentPort.postMessage(sum);
`;

export async function sleep(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SLEEP * scale));
}

/** Counts down in two worker threads at once, adding up atan(i) · tan(i). */
export async function countDownTwice(): Promise<void> {
  await Promise.all([countDown(), countDown()]);
}

async function countDown(): Promise<void> {
  const worker = new Worker(kernel, { eval: true, workerData: { steps: Math.round(STEPS * scale) } });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    // Not before the thread has gone: a function may be frozen as soon as its task has answered.
    worker.once("exit", () => resolve());
  });
}
