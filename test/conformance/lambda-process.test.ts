import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createFunction,
  handlerZip,
  instanceProcesses,
  invoke,
  moduleZip,
  startEmulatorProcess,
  until,
} from "./lambda/emulator-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "process-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cgroups = (pid: number | undefined): string[] =>
  existsSync("/sys/fs/cgroup/cpu")
    ? readdirSync("/sys/fs/cgroup/cpu").filter((name) => name === `fusionize-emulator-${pid}`)
    : [];
const stateOf = (pid: number): string => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && stateOf(pid) !== "Z";

test.runIf(process.platform === "linux")(
  "nothing survives a SIGKILL of the emulator: frozen, spinning and child processes",
  async () => {
    const emulator = await startEmulatorProcess(
      "--fidelity",
      "aws",
      "--data",
      folder,
      "--cold-start-ms",
      "0",
      "--init-ms",
      "0",
      "--hop-ms",
      "0",
    );
    const { lambda } = emulator;
    await createFunction(lambda, "frozen", handlerZip("return process.pid;"));
    await createFunction(lambda, "spinning", handlerZip(`if (event.spin) for (;;); return process.pid;`), { Timeout: 60 });
    await createFunction(
      lambda,
      "parent",
      moduleZip(
        `import { spawn } from "node:child_process"; export const handler = () => spawn("sleep", ["600"], { stdio: "ignore" }).pid;`,
      ),
      { MemorySize: 1769 },
    );
    const frozen = (await invoke(lambda, "frozen")).value as number;
    const spinning = (await invoke(lambda, "spinning")).value as number;
    const sleep = (await invoke(lambda, "parent")).value as number;
    invoke(lambda, "spinning", { spin: true }).catch(() => undefined);
    await until("the idle instance is stopped", () => stateOf(frozen) === "T");
    await until("the busy instance runs", () => stateOf(spinning) !== "T");
    expect(instanceProcesses(folder).length).toBeGreaterThanOrEqual(3);
    emulator.process.kill("SIGKILL");
    await until("every process is gone", () =>
      [frozen, spinning, sleep, ...instanceProcesses(folder)].every((pid) => !alive(pid)),
    );
    await until("the cgroup folders are gone", () => cgroups(emulator.process.pid).length === 0);
    lambda.destroy();
  },
);

test("it ends by SIGTERM, by the end of its input, and with its parent, and leaves nothing", async () => {
  const ends: ((emulator: Awaited<ReturnType<typeof startEmulatorProcess>>) => void)[] = [
    (e) => e.process.kill("SIGTERM"),
    (e) => e.process.kill("SIGINT"),
    (e) => e.process.stdin?.end(),
  ];
  for (const end of ends) {
    const emulator = await startEmulatorProcess("--fidelity", "fast", "--data", folder);
    const exited = new Promise((resolve) => emulator.process.once("exit", resolve));
    await createFunction(emulator.lambda, "any", handlerZip("return process.pid;"));
    const pid = (await invoke(emulator.lambda, "any")).value as number;
    await fetch(`${emulator.endpoint}/2015-03-31/functions/any`, { method: "DELETE" });
    end(emulator);
    expect(await exited).toBe(0);
    await until("the instance is gone", () => !alive(pid));
    expect(instanceProcesses(folder)).toEqual([]);
    emulator.lambda.destroy();
  }
  const main = fileURLToPath(new URL("../../emulator/main.ts", import.meta.url));
  const parent = spawn(
    process.execPath,
    [
      "-e",
      `require("child_process").spawn(process.execPath, [${JSON.stringify(main)}, "--fidelity", "fast"], { stdio: ["ignore", "inherit", "inherit"] }); setInterval(() => {}, 1000)`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const line = await new Promise<string>((resolve) => parent.stdout.once("data", (data: Buffer) => resolve(data.toString())));
  const { pid } = JSON.parse(line) as { pid: number };
  parent.kill("SIGKILL");
  await until("the emulator ends with its parent", () => !alive(pid));
});

test("functions and their code are there after a restart", async () => {
  const first = await startEmulatorProcess("--fidelity", "fast", "--data", folder);
  await createFunction(first.lambda, "kept", handlerZip("return 42;"), { Environment: { Variables: { A1: "b" } } });
  first.process.kill("SIGKILL");
  first.lambda.destroy();
  const second = await startEmulatorProcess("--fidelity", "fast", "--data", folder);
  expect((await invoke(second.lambda, "kept")).value).toBe(42);
  expect(await second.stop()).toBe(0);
});

const run = async (...args: string[]): Promise<{ code: number | null; err: string; out: string }> => {
  const main = fileURLToPath(new URL("../../emulator/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  let out = "";
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, err, out };
};

test.each([[["--wat"]], [["extra"]], [["--fidelity", "slow"]], [["--port", "x"]], [["--hop-ms", "-1"]], [["--account", "1"]]])(
  "wrong usage %j exits with 2",
  async (args) => {
    const { code, err, out } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain("Usage:");
    expect(out).toBe("");
  },
);

test("a data folder in use, and one that cannot be made, are one clear message each", async () => {
  const first = await startEmulatorProcess("--fidelity", "fast", "--data", folder);
  const second = await run("--data", folder, "--fidelity", "fast");
  expect(second).toMatchObject({ code: 1, out: "" });
  expect(second.err).toBe(
    `The data folder ${folder} is in use by another emulator (process ${first.process.pid}). Stop it, or choose another folder with --data.\n`,
  );
  expect(await first.stop()).toBe(0);
  const third = await run("--data", "/dev/null/below", "--fidelity", "fast");
  expect(third).toMatchObject({ code: 1, out: "" });
  expect(third.err).toMatch(/^The data folder cannot be used: ENOTDIR.*\n$/);
});

test("a taken port is one clear message and exit code 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, err, out } = await run("--port", String(port), "--data", folder, "--fidelity", "fast");
  server.close();
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toBe(`Port ${port} is taken by another program. Choose another with --port, or 0 for any free one.\n`);
});
