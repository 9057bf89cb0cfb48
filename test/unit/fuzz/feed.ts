/** Runs a reader in a thread of its own, which is ended when an input takes too long. */
import { Worker } from "node:worker_threads";
import type { Word, Work } from "./worker.ts";

export interface Fed {
  corpus: number;
  tries: number;
  slowestMs: number;
  failures: { input: Uint8Array; error: string }[];
}

/** ms for one input. */
const PATIENCE = 10_000;
/** The first failures tell enough. */
const MOST_FAILURES = 3;

export function feed(work: Work): Promise<Fed> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("worker.ts", import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    const failures: Fed["failures"] = [];
    let current: Uint8Array = new Uint8Array();
    let tries = 0;
    let late: NodeJS.Timeout | undefined;
    const over = (done?: Word["done"]): void => {
      clearTimeout(late);
      void worker.terminate();
      resolve({ corpus: 0, tries, slowestMs: 0, ...done, failures });
    };
    const fail = (error: string): void => {
      failures.push({ input: current, error });
      if (failures.length >= MOST_FAILURES) over();
    };
    worker.on("message", ({ input, error, done }: Word) => {
      clearTimeout(late);
      if (done) return over(done);
      if (input) current = input;
      if (error !== undefined) return fail(error);
      tries += 1;
      late = setTimeout(() => {
        failures.push({ input: current, error: `It took more than ${PATIENCE} ms.` });
        over();
      }, PATIENCE);
    });
    worker.once("error", (error: Error) => {
      failures.push({ input: current, error: error.stack ?? error.message });
      over();
    });
  });
}
