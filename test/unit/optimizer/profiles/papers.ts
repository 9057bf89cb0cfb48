/** The papers' IoT and TREE applications as profiles: numbers fitted to the published measurements (see docs/optimizer.md). */
import type { ApplicationProfile, Step, TaskProfile } from "../../../../extension/optimizer/profile.ts";

export const MEMORY_SIZES = [
  128, 192, 256, 384, 512, 768, 1024, 1280, 1536, 1769, 2048, 2654, 3009, 3538, 5307, 7076, 8845, 10240,
];

/** Constants of the published runs: vCPU-ms and ms. */
export interface Fitted {
  /** Two worker threads, together. */
  kernelCpu: number;
  /** A DynamoDB operation of the SDK. */
  operationCpu: number;
  operationWait: number;
  callCpu: number;
  /** Through an API gateway without keep-alive, as published. */
  syncWait: number;
  asyncWait: number;
  handlerCpu: number;
}

export const CONSTANTS: Fitted = {
  kernelCpu: 176,
  operationCpu: 3.5,
  operationWait: 12,
  callCpu: 0.66,
  syncWait: 39,
  asyncWait: 23,
  handlerCpu: 4.4,
};

function profile(constants: Fitted, tasks: Record<string, TaskProfile>, entry: string): ApplicationProfile {
  return {
    version: 1,
    prices: { perGbMs: 1.66667e-8, perRequest: 2e-7 },
    platform: {
      cpuPeriodMs: 20,
      mbPerVcpu: 1769,
      sync: { cpuMs: constants.callCpu, waitMs: constants.syncWait },
      async: { cpuMs: constants.callCpu, waitMs: constants.asyncWait },
      handler: { cpuMs: constants.handlerCpu, waitMs: 0 },
      init: { waitMs: 140, cpuMs: 30, perMbCode: 0 },
      coldShare: 0,
    },
    memorySizes: MEMORY_SIZES,
    entries: [{ task: entry, weight: 1 }],
    tasks,
    constraints: {},
  };
}

export function iot(constants: Fitted = CONSTANTS): ApplicationProfile {
  const kernel = kernelOf(constants);
  const operation: Step[] = [{ cpu: constants.operationCpu }, { wait: constants.operationWait }];
  const repeated = (count: number): Step[] => Array.from({ length: count }, () => operation).flat();
  return profile(
    constants,
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

export function tree(constants: Fitted = CONSTANTS): ApplicationProfile {
  const kernel = kernelOf(constants);
  return profile(
    constants,
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

const kernelOf = ({ kernelCpu }: Fitted): Step => ({ cpu: kernelCpu, threads: 2 });

export const paperApps = (constants: Fitted): Record<"iot" | "tree", ApplicationProfile> => ({
  iot: iot(constants),
  tree: tree(constants),
});
