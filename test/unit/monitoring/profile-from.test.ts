import { describe, expect, test } from "vitest";
import type { InvocationRecord } from "../../../extension/core/record.ts";
import { buildTraces, profileFrom, type Report } from "../../../extension/monitoring/index.ts";
import { cpuLaw, runBurst } from "../../../extension/optimizer/law.ts";
import type { Step } from "../../../extension/optimizer/index.ts";
import { record, reportOf, span } from "./records.ts";

/** ms that the platform takes before and after the handler's own time. */
const ENTERING = 0.8;

class Workload {
  readonly records: InvocationRecord[] = [];
  readonly reports: Report[] = [];

  add(one: InvocationRecord, given: Partial<Report> = {}): InvocationRecord {
    this.records.push(one);
    this.reports.push(reportOf(one, { duration: one.duration + ENTERING, ...given }));
    return one;
  }

  learn() {
    return profileFrom(buildTraces(this.records, this.reports));
  }
}

/** A run of CPU work alone at a memory size; `cpu` is what the process used, pauses included. */
function heavyRun(task: string, memory: number, cpu: number, trace: string): InvocationRecord {
  const law = cpuLaw(memory, { cpuPeriodMs: 20, mbPerVcpu: 1769 });
  const clock = { t: 0, credit: law.quota };
  runBurst(law, clock, cpu, 1);
  const own = span(task, { duration: clock.t, cpu: [0, cpu], thread: [0, cpu] });
  return record(task, { trace, memory, setup: String(memory), duration: clock.t, cpu, spans: [own] });
}

const cpuOf = (program: Step[]): number => program.reduce((sum, step) => sum + ("cpu" in step ? step.cpu : 0), 0);

describe("what the quota's pauses cost", () => {
  const WORK = 200;
  const PAUSE = 0.25;
  /** vCPU-ms used at a size: the work, and one pause for each quota but the first. */
  const used = (memory: number) => {
    const quota = (20 * memory) / 1769;
    return (WORK - PAUSE) / (1 - PAUSE / quota);
  };

  test("shows where the same work was seen at two sizes, and is taken off the work", () => {
    const workload = new Workload();
    for (const memory of [128, 1536]) {
      for (let i = 0; i < 20; i++) workload.add(heavyRun("A", memory, used(memory), `${memory}-${i}`));
    }
    const { profile, notes } = workload.learn();
    expect(profile.platform.pauseCpuMs).toBeCloseTo(PAUSE, 2);
    expect(cpuOf(profile.tasks["A"]!.program)).toBeCloseTo(WORK, -0.5);
    expect(notes.join("\n")).not.toMatch(/pauses/);
  });

  test("cannot be told from the work at one size: the pair is named, with the task", () => {
    const workload = new Workload();
    for (let i = 0; i < 20; i++) workload.add(heavyRun("A", 128, used(128), `t${i}`));
    const { profile, notes } = workload.learn();
    expect(profile.platform.pauseCpuMs).toBeUndefined();
    expect(cpuOf(profile.tasks["A"]!.program)).toBeCloseTo(used(128), 1);
    expect(notes.join("\n")).toMatch(
      /CPU work and what the quota's pauses add to it cannot be told apart at one memory size.*: A\./,
    );
  });
});

/** A calls B (synchronous, or several asynchronous ones at once) at a size with quota to spare. */
function calls(
  workload: Workload,
  trace: string,
  { wait = 9, cpu = 2, answer = 5, width = 1, kind = "sync" as "sync" | "async" },
): void {
  const first = span("A", { id: `${trace}-a` });
  const duration = kind === "sync" ? wait + cpu + answer : wait + cpu * (0.5 + 0.5 / width);
  const out = Array.from({ length: width }, (_, i) =>
    span("B", {
      id: `${trace}-b${i}`,
      parent: first.id,
      caller: "A",
      kind,
      mode: "remote",
      start: 0.1,
      duration,
      cpu: [0.1, 0.1 + cpu],
      thread: [0.1, 0.1 + cpu],
    }),
  );
  first.duration = 0.1 + duration;
  first.cpu = [0, 0.1 + cpu];
  first.thread = [0, 0.1 + cpu];
  workload.add(record("A", { trace, memory: 1769, duration: first.duration, cpu: 0.1 + cpu, spans: [first, ...out] }));
  for (const call of out) {
    const own = span("B", { duration: answer - ENTERING, cpu: [0, 1], thread: [0, 1] });
    workload.add(
      record("B", { trace, memory: 1769, parent: call.id, invoked: kind, duration: own.duration, cpu: 1, spans: [own] }),
    );
  }
}

describe("what a remote call costs", () => {
  test("its wait is what is left of its time without the callee's, the callee however slow now and then", () => {
    const workload = new Workload();
    for (let i = 0; i < 40; i++) calls(workload, `t${i}`, { answer: i % 10 === 0 ? 500 : 5 });
    const { sync } = workload.learn().profile.platform;
    expect(sync.waitMs).toBeCloseTo(9, 1);
    expect(sync.cpuMs).toBeCloseTo(2, 1);
  });

  test("calls made together share its CPU, and the profile says so at the calls", () => {
    const workload = new Workload();
    for (let i = 0; i < 20; i++) {
      calls(workload, `one${i}`, { kind: "async" });
      calls(workload, `three${i}`, { kind: "async", width: 3, cpu: 3.6 });
    }
    // The two kinds of runs of A become one program; the shared cost shows only where most calls were made together.
    const alone = workload.learn().profile.platform.async;
    expect(alone.cpuMs).toBeCloseTo(2, 1);
    const together = new Workload();
    for (let i = 0; i < 20; i++) calls(together, `t${i}`, { kind: "async", width: 3, cpu: 3.6 });
    const { profile } = together.learn();
    expect(profile.platform.async.waitMs).toBeCloseTo(9, 0);
  });

  test("where none was measured the profile says what it assumes", () => {
    const workload = new Workload();
    for (let i = 0; i < 20; i++) workload.add(heavyRun("A", 1769, 5, `t${i}`));
    const { notes } = workload.learn();
    expect(notes.join("\n")).toMatch(/No remote synchronous call was measured/);
  });
});

test("entering a function is waiting where quota is left, and what starved runs stretch is CPU", () => {
  const workload = new Workload();
  for (let i = 0; i < 20; i++) workload.add(heavyRun("A", 1024, 0.5, `t${i}`));
  const cpu = 0.2;
  for (let i = 0; i < 20; i++) {
    const one = heavyRun("B", 128, 100, `u${i}`);
    workload.add(one, { duration: one.duration + ENTERING - cpu + cpu / (128 / 1769) });
  }
  const { handler } = workload.learn().profile.platform;
  expect(handler!.cpuMs).toBeCloseTo(cpu, 2);
  expect(handler!.cpuMs + handler!.waitMs).toBeCloseTo(ENTERING, 2);
});

describe("cold starts", () => {
  const run = (coldAt: (i: number) => boolean) => {
    const workload = new Workload();
    for (let i = 0; i < 40; i++)
      workload.add({ ...heavyRun("A", 512, 2, `t${i}`), cold: coldAt(i), ...(coldAt(i) && { init: 150 }) });
    return workload.learn();
  };

  test("of a workload's beginning are not its rule", () => {
    const { profile, notes } = run((i) => i < 4);
    expect(profile.platform.coldShare).toBe(0);
    expect(notes.join("\n")).toMatch(/4 cold starts came while the workload began/);
  });

  test("of the beginning do not become the rule by one that came late", () =>
    expect(run((i) => i < 8 || i === 30).profile.platform.coldShare).toBe(1 / 20));

  test("that go on are", () => expect(run((i) => i % 4 === 0).profile.platform.coldShare).toBe(0.25));
  test("of every request as well", () => expect(run(() => true).profile.platform.coldShare).toBe(1));
});

test("an asynchronous call that begins at a run's very end does not blur the run's CPU", () => {
  const workload = new Workload();
  for (let i = 0; i < 20; i++) {
    const first = span("A", { id: `a${i}`, duration: 100.1, cpu: [0, 80], thread: [0, 80] });
    const late = span("B", {
      id: `b${i}`,
      parent: first.id,
      caller: "A",
      kind: "async",
      start: 100,
      duration: 60,
      cpu: [80, 120],
      thread: [80, 120],
    });
    workload.add(record("A", { trace: `t${i}`, memory: 1769, invoked: "async", duration: 160, cpu: 120, spans: [first, late] }));
  }
  const { profile, notes } = workload.learn();
  expect(cpuOf(profile.tasks["A"]!.program)).toBeCloseTo(80, 0);
  expect(cpuOf(profile.tasks["B"]!.program)).toBeCloseTo(40, 0);
  expect(notes.join("\n")).not.toMatch(/shared out/);
});

test("what was lost and what came twice is counted", () => {
  const workload = new Workload();
  for (let i = 0; i < 20; i++) calls(workload, `t${i}`, {});
  const gone = workload.records.findIndex((one) => one.function === "B");
  workload.records.splice(gone, 1);
  workload.records.push(workload.records[0]!);
  const notes = workload.learn().notes.join("\n");
  expect(notes).toMatch(/1 records were lost \(B\)/);
  expect(notes).toMatch(/1 records came more than once/);
});
