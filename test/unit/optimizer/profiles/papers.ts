/** The papers' IoT and TREE applications as profiles: numbers fitted to the published measurements (see docs/optimizer.md). */
import type { ApplicationProfile, Step, TaskProfile } from "../../../../extension/optimizer/profile.ts";

export const MEMORY_SIZES = [
  128, 192, 256, 384, 512, 768, 1024, 1280, 1536, 1769, 2048, 2654, 3009, 3538, 5307, 7076, 8845, 10240,
];

/** Two worker threads, about 176 vCPU-ms together. */
const kernel: Step = { cpu: 176, threads: 2 };
/** A DynamoDB operation of the SDK. */
const operation: Step[] = [{ cpu: 3.5 }, { wait: 12 }];
const repeated = (count: number): Step[] => Array.from({ length: count }, () => operation).flat();

function profile(tasks: Record<string, TaskProfile>, entry: string): ApplicationProfile {
  return {
    version: 1,
    prices: { perGbMs: 1.66667e-8, perRequest: 2e-7 },
    platform: {
      cpuPeriodMs: 20,
      mbPerVcpu: 1769,
      // Through an API gateway without keep-alive, as published.
      sync: { cpuMs: 0.66, waitMs: 39 },
      async: { cpuMs: 0.66, waitMs: 23 },
      handler: { cpuMs: 4.4, waitMs: 0 },
      init: { waitMs: 140, cpuMs: 30, perMbCode: 0 },
      coldShare: 0,
    },
    memorySizes: MEMORY_SIZES,
    entries: [{ task: entry, weight: 1 }],
    tasks,
    constraints: {},
  };
}

export function iot(): ApplicationProfile {
  return profile(
    {
      I: {
        program: [
          { call: "CW" },
          { call: "SE" },
          { parallel: [[{ call: "CT", async: true }], [{ call: "CS", async: true }], [{ call: "CA", async: true }]] },
        ],
      },
      CW: { program: [] },
      SE: { program: operation },
      CT: { program: [kernel, { call: "AS", async: true }] },
      CS: { program: [{ parallel: [[{ call: "CSL" }], [{ call: "CSA" }]] }] },
      CSL: { program: repeated(3) },
      CSA: { program: operation },
      CA: { program: [{ call: "DJ" }, { call: "AS", async: true }] },
      DJ: { program: [kernel, ...operation] },
      AS: { program: [kernel, ...repeated(3)] },
    },
    "I",
  );
}

export function tree(): ApplicationProfile {
  return profile(
    {
      A: { program: [{ parallel: [[{ call: "C", async: true }], [{ call: "B" }]] }] },
      B: { program: [{ call: "D" }, { wait: 500 }] },
      D: { program: [{ call: "E" }, { wait: 500 }] },
      E: { program: [{ wait: 500 }] },
      C: { program: [{ parallel: [[{ call: "F", async: true }], [{ call: "G", async: true }], [kernel]] }] },
      F: { program: [kernel] },
      G: { program: [kernel] },
    },
    "A",
  );
}
