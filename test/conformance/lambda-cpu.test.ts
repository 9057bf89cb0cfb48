import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { backgroundLoad } from "../bench/harness/machine.ts";
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

      // Long enough that what the controller notices late, while other instances start, is paid back within the measurement.
      const side = await Promise.all(Array.from({ length: 2 * availableParallelism() }, () => share(128, 200)));
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
      // More than its share a function never gets, whatever else runs; that it gets all of it can only be seen on a machine that has it to give.
      const others = await backgroundLoad(500);
      context.skip(others > 0.1, `others use ${Math.round(others * 100)} % of the machine`);
      const emulator = await startEmulatorProcess("--cpu", control, "--cold-start-ms", "0", "--init-ms", "0", "--hop-ms", "0");
      try {
        await createFunction(emulator.lambda, "spin", spinning, { MemorySize: memory, Timeout: 60 });
        const all = await Promise.all(Array.from({ length: count }, () => invoke(emulator.lambda, "spin", { ms: 4_000 })));
        const target = memory / 1_769;
        const errors = all.map(({ value }) => ((value as number) - target) / target);
        process.stdout.write(
          `--cpu ${control} ${memory} MB × ${count}: ${errors.map((e) => `${(e * 100).toFixed(2)} %`).join(", ")}\n`,
        );
        for (const error of errors) expect(Math.abs(error)).toBeLessThanOrEqual(0.02);
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
    // Other work can only lower a share: the better of two stands for it.
    const share = async (name: string): Promise<number> =>
      Math.max((await invoke(emulator.lambda, name)).value, (await invoke(emulator.lambda, name)).value);
    const half = await share("threads-884");
    const more = await share("threads-2653");
    expect(half).toBeLessThan(0.6);
    expect(more).toBeLessThan(1.65);
    expect(more / half).toBeGreaterThan(availableParallelism() > 1 ? 2 : 1);
  } finally {
    expect(await emulator.stop()).toBe(0);
  }
});
