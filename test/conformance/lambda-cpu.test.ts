import { availableParallelism, cpus } from "node:os";
import { describe, expect, test } from "vitest";
import { createFunction, handlerZip, invoke, startEmulatorProcess } from "./lambda/emulator-process.ts";

/** Burns a given CPU time and says how long that took: both from the process' own clocks, so the share does not depend on how busy the machine is otherwise, if it is asked often enough. */
const burning = handlerZip(
  `const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
   const began = performance.now(), before = cpu();
   while (cpu() - before < event.cpuMs) for (let i = 0; i < 20000; i++) Math.sqrt(i);
   return { wallMs: performance.now() - began, cpuMs: cpu() - before };`,
);
interface Burnt {
  wallMs: number;
  cpuMs: number;
}

describe.runIf(process.platform === "linux").each(["auto", "steer"])("CPU share by memory (--cpu %s)", (control) => {
  test("follows the memory size, leaves short bursts alone, and holds for instances side by side", async () => {
    const emulator = await startEmulatorProcess(
      "--fidelity",
      "aws",
      "--cpu",
      control,
      "--cold-start-ms",
      "0",
      "--init-ms",
      "0",
      "--hop-ms",
      "0",
    );
    try {
      const share = async (memory: number, cpuMs: number): Promise<number> => {
        const { value } = await invoke(emulator.lambda, `burn-${memory}`, { cpuMs });
        return (value as Burnt).cpuMs / (value as Burnt).wallMs;
      };
      for (const memory of [128, 512]) {
        await createFunction(emulator.lambda, `burn-${memory}`, burning, { MemorySize: memory, Timeout: 60 });
        await share(memory, 1);
      }
      // Other work on the machine can only lower a share; so the best of a few stands for it, and none may exceed it by much.
      const best = async (memory: number, cpuMs: number): Promise<number> =>
        Math.max(await share(memory, cpuMs), await share(memory, cpuMs));
      const small = await best(128, 120);
      const medium = await best(512, 400);
      expect(small).toBeGreaterThan(0.055);
      expect(small).toBeLessThan(0.085);
      expect(medium).toBeGreaterThan(0.23);
      expect(medium).toBeLessThan(0.34);
      expect(medium / small).toBeGreaterThan(3);
      expect(medium / small).toBeLessThan(5.5);

      const side = await Promise.all(Array.from({ length: 2 * availableParallelism() }, () => share(128, 60)));
      for (const one of side) expect(one).toBeLessThan(0.1);
    } finally {
      expect(await emulator.stop()).toBe(0);
    }
  });
});

test("INIT runs at full speed", async () => {
  const emulator = await startEmulatorProcess("--fidelity", "aws", "--cold-start-ms", "0", "--init-ms", "0", "--hop-ms", "0");
  try {
    const before = `const began = performance.now(); const cpu = () => process.cpuUsage().user / 1000; const start = cpu(); while (cpu() - start < 150) for (let i = 0; i < 20000; i++) Math.sqrt(i); const share = (cpu() - start) / (performance.now() - began);`;
    await createFunction(emulator.lambda, "init", handlerZip("return share;", before));
    expect((await invoke(emulator.lambda, "init")).value).toBeGreaterThan(0.15);
  } finally {
    await emulator.stop();
  }
});

/** Part of the machine that is in use over the next half second. */
async function machineInUse(): Promise<number> {
  const look = (): { idle: number; all: number } => {
    const times = cpus().map((one) => one.times);
    const idle = times.reduce((sum, one) => sum + one.idle, 0);
    return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
  };
  const before = look();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = look();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Shares over four seconds each, alone on the machine: part of the long form. */
describe.runIf(process.platform === "linux" && process.env["FUSIONIZE_LONG"] === "1").each(["auto", "steer"])(
  "CPU share within 2 % of its target (--cpu %s)",
  (control) => {
    const spinning = handlerZip(
      `const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
       while (performance.now() < (globalThis.warm ??= performance.now() + 200));
       const began = performance.now(), before = cpu();
       while (performance.now() - began < event.ms) for (let i = 0; i < 2000; i++) Math.sqrt(i);
       return (cpu() - before) / (performance.now() - began);`,
    );
    const cases = [128, 512, 1_024, 1_769].flatMap((memory) => [1, 4, 8].map((count) => [memory, count] as const));
    // What the machine has not, it cannot share out; a tenth stays for the emulator and the client.
    const possible = cases.filter(([memory, count]) => (count * memory) / 1_769 <= availableParallelism() * 0.9);
    test.for(possible)("%i MB, %i instances", { timeout: 90_000 }, async ([memory, count], context) => {
      const others = await machineInUse();
      const emulator = await startEmulatorProcess("--cpu", control, "--cold-start-ms", "0", "--init-ms", "0", "--hop-ms", "0");
      try {
        await createFunction(emulator.lambda, "spin", spinning, { MemorySize: memory, Timeout: 60 });
        const all = await Promise.all(Array.from({ length: count }, () => invoke(emulator.lambda, "spin", { ms: 4_000 })));
        const target = memory / 1_769;
        const errors = all.map(({ value }) => ((value as number) - target) / target);
        process.stdout.write(
          `--cpu ${control} ${memory} MB × ${count}: ${errors.map((e) => `${(e * 100).toFixed(2)} %`).join(", ")}\n`,
        );
        // More than its share a function never gets; less only where others take the processors.
        for (const error of errors) expect(error).toBeLessThanOrEqual(0.02);
        if (others > 0.1 || (await machineInUse()) > 0.1)
          return context.skip("others use the machine: a share cannot be reached");
        for (const error of errors) expect(error).toBeGreaterThanOrEqual(-0.02);
      } finally {
        expect(await emulator.stop()).toBe(0);
      }
    });
  },
);

test("above one virtual CPU the threads of a function share what it has", { timeout: 60_000 }, async () => {
  const emulator = await startEmulatorProcess("--cold-start-ms", "0", "--init-ms", "0", "--hop-ms", "0");
  try {
    const threads = handlerZip(
      `const spin = "const end = performance.now() + 800; while (performance.now() < end) for (let i = 0; i < 2000; i++) Math.sqrt(i);";
       const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
       const began = performance.now(), before = cpu();
       await Promise.all([1, 2, 3].map(() => new Promise((r) => new Worker(spin, { eval: true }).on("exit", r))));
       return (cpu() - before) / (performance.now() - began);`,
      `import { Worker } from "node:worker_threads";`,
    );
    for (const memory of [884, 2_653])
      await createFunction(emulator.lambda, `threads-${memory}`, threads, { MemorySize: memory, Timeout: 30 });
    const half = (await invoke(emulator.lambda, "threads-884")).value as number;
    const more = (await invoke(emulator.lambda, "threads-2653")).value as number;
    expect(half).toBeLessThan(0.6);
    expect(more).toBeLessThan(1.65);
  } finally {
    expect(await emulator.stop()).toBe(0);
  }
});
