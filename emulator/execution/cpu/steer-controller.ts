/**
 * The controller's thread, handed over as text: it may refer to nothing outside of itself. Each process gets its quota at the start of a period; what it did
 * not use is lost, what it used too much is taken from the next. A process under its quota is never stopped, so short bursts run at full speed.
 */
export function controller(load: NodeJS.Require): void {
  const { parentPort, workerData } = load("node:worker_threads") as typeof import("node:worker_threads");
  const fs = load("node:fs") as typeof import("node:fs");
  const { quotas, periodMs } = workerData as { quotas: Int32Array; periodMs: number };
  interface Child {
    pid: number;
    index: number;
    threads: Map<string, number>;
    /** µs that may still be used in this period. */
    budget: number;
    stopped: boolean;
  }
  const children = new Map<number, Child>();
  const scratch = Buffer.alloc(64);

  /** CPU time in µs since the last look, over all threads. */
  const used = (child: Child): number => {
    let total = 0;
    let names: string[];
    try {
      names = fs.readdirSync(`/proc/${child.pid}/task`);
    } catch {
      return 0;
    }
    for (const name of names) {
      try {
        const file = fs.openSync(`/proc/${child.pid}/task/${name}/schedstat`, "r");
        const length = fs.readSync(file, scratch, 0, 64, 0);
        fs.closeSync(file);
        const now = Number.parseInt(scratch.toString("latin1", 0, length), 10) / 1_000;
        total += now - (child.threads.get(name) ?? 0);
        child.threads.set(name, now);
      } catch {
        child.threads.delete(name);
      }
    }
    return total;
  };
  const signal = (child: Child, name: "SIGSTOP" | "SIGCONT"): void => {
    child.stopped = name === "SIGSTOP";
    try {
      process.kill(-child.pid, name);
    } catch {
      children.delete(child.pid);
    }
  };
  const look = (child: Child): number => {
    const quota = Atomics.load(quotas, child.index);
    if (quota <= 0) {
      if (quota === 0 && child.stopped) signal(child, "SIGCONT");
      child.stopped = false;
      if (quota === 0) used(child);
      child.budget = 0;
      return Number.POSITIVE_INFINITY;
    }
    if (!child.stopped) child.budget -= used(child);
    if (child.budget <= 0 && !child.stopped) signal(child, "SIGSTOP");
    return child.stopped ? Number.POSITIVE_INFINITY : child.budget / 1_000;
  };
  const renew = (): void => {
    for (const child of children.values()) {
      const quota = Atomics.load(quotas, child.index);
      if (quota <= 0) continue;
      child.budget = Math.min(quota, child.budget - (child.stopped ? 0 : used(child)) + quota);
      if (child.budget > 0 && child.stopped) signal(child, "SIGCONT");
      else if (child.budget <= 0 && !child.stopped) signal(child, "SIGSTOP");
    }
  };
  let periodEnd = performance.now() + periodMs;
  const tick = (): void => {
    const now = performance.now();
    if (now >= periodEnd) {
      renew();
      periodEnd += periodMs * Math.max(1, Math.ceil((now - periodEnd) / periodMs));
    }
    let next = periodEnd - performance.now();
    for (const child of children.values()) next = Math.min(next, look(child));
    setTimeout(tick, Math.max(1, Math.min(periodMs, next)));
  };
  parentPort?.on("message", (message: { pid: number; index: number } | { gone: number }) => {
    if ("gone" in message) children.delete(message.gone);
    else {
      const child: Child = { ...message, threads: new Map(), budget: 0, stopped: false };
      children.set(message.pid, child);
      used(child);
    }
  });
  tick();
}
