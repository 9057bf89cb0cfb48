/** Small random apps: trees and shared callees, both kinds of calls, parallel branches, threads, floors, constraints. */
import { mulberry32 } from "../../../../extension/optimizer/random.ts";
import type { ApplicationProfile, Step, TaskProfile } from "../../../../extension/optimizer/index.ts";

export interface Shape {
  tasks: number;
  sizes: number[];
  /** Chance that a task has a second caller. */
  shared: number;
  async: number;
  parallel: number;
  /** Calls made other than once per run. */
  times?: number;
  /** Parallel branches go on with CPU work after their call. */
  contention?: boolean;
  floors?: number;
  apart?: number;
}

export function randomProfile(seed: number, shape: Shape): ApplicationProfile {
  const random = mulberry32(seed);
  const chance = (p: number) => random() < p;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const names = Array.from({ length: shape.tasks }, (_, i) => `T${i}`);
  const callees: Step[][] = names.map(() => []);
  for (let i = 1; i < names.length; i++) {
    const callers = new Set([Math.floor(random() * i)]);
    if (chance(shape.shared)) callers.add(Math.floor(random() * i));
    for (const caller of callers) {
      const step: Step = { call: names[i]! };
      if (chance(shape.async)) step.async = true;
      if (chance(shape.times ?? 0)) step.times = pick([0.25, 0.5, 2, 3.5]);
      callees[caller]!.push(step);
    }
  }
  const cpu = (): Step => {
    const work = Math.round(10 ** (random() * 2.5) * 100) / 100;
    return chance(0.2) ? { cpu: work, threads: pick([1, 2]) } : { cpu: work };
  };
  const wait = (): Step => ({ wait: Math.round(random() * 80) });
  const tasks: Record<string, TaskProfile> = {};
  for (const [i, name] of names.entries()) {
    const program: Step[] = [];
    if (chance(0.8)) program.push(cpu());
    const calls = callees[i]!;
    if (calls.length > 1 && chance(shape.parallel))
      program.push({ parallel: calls.map((call) => (shape.contention ? [call, cpu()] : [call])) });
    else for (const call of calls) program.push(call, ...(chance(0.3) ? [cpu()] : []));
    if (chance(0.5)) program.push(wait());
    if (chance(0.3)) program.push(cpu());
    tasks[name] = { program };
    if (chance(shape.floors ?? 0)) tasks[name].memoryFloor = pick(shape.sizes);
  }
  const apart = chance(shape.apart ?? 0) ? [[pick(names), pick(names)]] : [];
  return {
    version: 1,
    prices: { perGbMs: 1.66667e-8, perRequest: pick([2e-7, 1.2e-6]) },
    platform: {
      cpuPeriodMs: 20,
      mbPerVcpu: 1769,
      sync: { cpuMs: random() * 3, waitMs: random() * 20 },
      async: { cpuMs: random() * 3, waitMs: random() * 20 },
      handler: { cpuMs: random(), waitMs: 0 },
      init: { waitMs: 140, cpuMs: 20, perMbCode: 10 },
      coldShare: pick([0, 0.01, 0.3]),
    },
    memorySizes: shape.sizes,
    entries: [{ task: "T0", weight: 1 }],
    tasks,
    constraints: apart.length > 0 && apart[0]![0] !== apart[0]![1] ? { apart } : {},
  };
}
