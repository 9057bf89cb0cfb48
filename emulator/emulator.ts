import { mkdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { answer } from "./answer.ts";
import { createCpuShare } from "./execution/cpu/create.ts";
import { createGuard, dieWithParent } from "./execution/guard.ts";
import { MemoryWatch } from "./execution/memory.ts";
import { Outbox } from "./execution/outbox.ts";
import { Pool } from "./execution/pool.ts";
import { instanceProgram } from "./execution/programs.ts";
import { Spares } from "./execution/spares.ts";
import { createHttpServer } from "./http/server.ts";
import { CodeStore } from "./lambda/code-store.ts";
import { ConcurrencyGate } from "./lambda/concurrency.ts";
import { Invoker } from "./lambda/invoker.ts";
import { Provisioning } from "./lambda/provisioning.ts";
import { Registry } from "./lambda/registry.ts";
import type { LambdaService } from "./lambda/service.ts";
import { lockFolder } from "./lock.ts";
import { temporaryData } from "./temporary-data.ts";
import { createLogs } from "./logs/index.ts";
import type { EmulatorOptions } from "./options.ts";
import { Destinations } from "./queue/destinations.ts";
import { EventQueue } from "./queue/queue.ts";

/** A running emulator. */
export interface Emulator {
  endpoint: string;
  /** Ends every instance and writes what is left to disk. */
  close(): Promise<void>;
}

/** Starts everything. Rejects with the system's error when the port is taken or the data folder cannot be written. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const data = options.dataDir === undefined ? temporaryData() : resolve(options.dataDir);
  const temporaryRoot = join(data, "tmp");
  const compileCache = join(data, "compile-cache");
  mkdirSync(data, { recursive: true });
  const unlock = lockFolder(data);
  rmSync(temporaryRoot, { recursive: true, force: true });
  for (const folder of [temporaryRoot, compileCache]) mkdirSync(folder, { recursive: true });

  let endpoint = "";
  const place = { region: options.region, accountId: options.accountId };
  const logs = createLogs({ dataDir: data, ...place });
  const guard = createGuard();
  if (options.dataDir === undefined) guard.watchTemporary(data);
  const cpu = createCpuShare(options.cpu, guard);
  const program = instanceProgram(join(data, "runtime"));
  const workers = { node: options.node, program, guard, cpu, prefix: dieWithParent(), inspect: options.inspect };
  // Under the times of AWS a process starts while placement waits, and none needs to stand ready.
  const spares = new Spares(workers, options.coldStartMs > 0 || options.inspect ? 0 : 2);
  const code = new CodeStore(join(data, "code"));
  const registry = new Registry(join(data, "functions"), place, code);
  // The first process comes up while the rest of the emulator does.
  for (const [index, record] of registry.list().entries()) spares.prepare(record.latest.settings, index === 0);
  await code.collect(registry.usedCode());

  const cached = new Set<string>();
  const outbox = new Outbox();
  const pool = new Pool(
    {
      options,
      endpoint: () => endpoint,
      logs,
      memory: options.inspect ? { watch: () => () => {} } : new MemoryWatch(),
      outbox,
      temporaryRoot,
      compileCache,
      takeWorker: (revision) => spares.take(revision),
      needsCompileCache: (codeId) => !cached.has(codeId) && cached.add(codeId) !== undefined,
    },
    (revision) => registry.isCurrent(revision),
  );
  const invoker = new Invoker(registry, pool, new ConcurrencyGate(registry, options.accountConcurrency), options);
  const queue = new EventQueue(join(data, "queue.jsonl"), registry, invoker, new Destinations(place, logs), options);
  const service: LambdaService = {
    options,
    place,
    registry,
    pool,
    invoker,
    provisioning: new Provisioning(registry, pool),
    queue,
    cpuKind: cpu.kind,
    endpoint: () => endpoint,
    prepare: (settings) => spares.prepare(settings),
  };
  const server = createHttpServer((request) => answer(service, logs, outbox, request));

  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    queue.close();
    spares.close();
    await pool.close();
    outbox.flush();
    await cpu.close();
    await logs.close();
    await guard.close();
    unlock();
    if (options.dataDir === undefined) rmSync(data, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((done, fail) => server.once("error", fail).listen(options.port, "127.0.0.1", () => done()));
  } catch (error) {
    await close();
    throw error;
  }
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  queue.start();
  service.provisioning.reconcile();
  return { endpoint, close };
}
