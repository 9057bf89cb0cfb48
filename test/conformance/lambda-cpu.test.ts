import { availableParallelism } from "node:os";
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
