/**
 * One instance, simulated in small steps of time: a JavaScript thread, worker threads, and the kernel's quota counted out period by period
 * from a random phase. Shares no code with the optimizer's model, which works with the law's mean.
 */

/** What a running piece of code asks for next. */
export type Need = { main: number } | { workers: number; threads: number } | { sleep: number } | { all: Process[] };
export type Process = Generator<Need, void, void>;

export interface Machine {
  memory: number;
  periodMs: number;
  mbPerVcpu: number;
  cores: number;
  /** ms since a quota period began when the process starts. */
  phase: number;
  /** What has been used of the quota of which period; kept from one piece of an invocation to the next. */
  used: { period: number; amount: number };
}

export interface Clock {
  now: number;
  /** vCPU-ms, all threads and main thread. */
  cpu: number;
  main: number;
}

interface Running {
  process: Process;
  need: Need | undefined;
  left: number;
  waitsFor: Set<Process>;
}

const STEP_MS = 0.05;

/** Runs until everything that was started has ended. `clock` can be read by the code while it runs. */
export function runInstance(machine: Machine, clock: Clock, first: (spawn: (process: Process) => void) => Process): void {
  const running: Running[] = [];
  const finished = new Set<Process>();
  const thread: Running[] = [];
  const spawn = (process: Process): void => {
    const one: Running = { process, need: undefined, left: 0, waitsFor: new Set() };
    running.push(one);
    advance(one);
  };
  const advance = (one: Running): void => {
    for (;;) {
      const { value, done } = one.process.next();
      if (done) {
        finished.add(one.process);
        running.splice(running.indexOf(one), 1);
        return;
      }
      one.need = value;
      if ("all" in value) {
        one.waitsFor = new Set(value.all);
        for (const child of value.all) spawn(child);
        if ([...one.waitsFor].every((child) => finished.has(child))) continue;
        return;
      }
      one.left = "main" in value ? value.main : "workers" in value ? value.workers : value.sleep;
      if (one.left <= 0) continue;
      if ("main" in value) thread.push(one);
      return;
    }
  };
  const quota = (machine.periodMs * machine.memory) / machine.mbPerVcpu;
  const { used } = machine;
  spawn(first(spawn));
  while (running.length > 0) {
    const current = Math.floor((machine.phase + clock.now) / machine.periodMs);
    if (current !== used.period) {
      used.period = current;
      used.amount = 0;
    }
    const onMain = thread[0];
    const onWorkers = running.filter((one) => one.need && "workers" in one.need);
    const wanted = (onMain ? 1 : 0) + onWorkers.reduce((sum, one) => sum + (one.need as { threads: number }).threads, 0);
    const slice = Math.min(Math.min(wanted, machine.cores) * STEP_MS, Math.max(0, quota - used.amount));
    if (slice === 0) {
      // Nothing runs: on to the next end of a sleep, or of the period where the quota is used up.
      const sleeps = running.flatMap((one) => (one.need && "sleep" in one.need ? [one.left] : []));
      const period = machine.periodMs - ((machine.phase + clock.now) % machine.periodMs);
      const jump = Math.min(...sleeps, ...(wanted > 0 ? [period] : [])) - STEP_MS;
      if (jump > STEP_MS) {
        const steps = Math.floor(jump / STEP_MS);
        clock.now += steps * STEP_MS;
        for (const one of running) if (one.need && "sleep" in one.need) one.left -= steps * STEP_MS;
        continue;
      }
    }
    const perThread = wanted > 0 ? slice / wanted : 0;
    const step = (one: Running, amount: number): boolean => {
      const took = Math.min(one.left, amount);
      one.left -= took;
      used.amount += took;
      clock.cpu += took;
      if (one === onMain) clock.main += took;
      return one.left <= 1e-9;
    };
    const done: Running[] = [];
    if (onMain && step(onMain, perThread)) {
      thread.shift();
      done.push(onMain);
    }
    for (const one of onWorkers) if (step(one, perThread * (one.need as { threads: number }).threads)) done.push(one);
    clock.now += STEP_MS;
    for (const one of running) {
      if (one.need && "sleep" in one.need && (one.left -= STEP_MS) <= 1e-9) done.push(one);
    }
    for (const one of done) advance(one);
    for (let again = true; again;) {
      again = false;
      // `advance` ends processes: the list is walked as it was.
      for (const one of Array.from(running)) {
        if (!one.need || !("all" in one.need) || ![...one.waitsFor].every((child) => finished.has(child))) continue;
        advance(one);
        again = true;
      }
    }
  }
}
