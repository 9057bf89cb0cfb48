import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { burstTime, cpuLaw } from "../../../extension/optimizer/law.ts";
import { evaluate, optimize, type ApplicationProfile, type Step } from "../../../extension/optimizer/index.ts";
import { randomProfile } from "./support/random-profile.ts";

const PRICE = 1.66667e-8 / 1024;
const FEE = 2e-7;

function profileOf(tasks: Record<string, Step[]>, more: Partial<ApplicationProfile["platform"]> = {}): ApplicationProfile {
  return {
    version: 1,
    prices: { perGbMs: 1.66667e-8, perRequest: FEE },
    platform: {
      cpuPeriodMs: 20,
      mbPerVcpu: 1769,
      sync: { cpuMs: 0, waitMs: 0 },
      async: { cpuMs: 0, waitMs: 0 },
      init: { waitMs: 0, cpuMs: 0, perMbCode: 0 },
      ...more,
    },
    memorySizes: [128, 256, 512, 1024, 1769, 2048, 3538],
    entries: [{ task: Object.keys(tasks)[0]!, weight: 1 }],
    tasks: Object.fromEntries(Object.entries(tasks).map(([name, program]) => [name, { program }])),
    constraints: {},
  };
}
const at = (profile: ApplicationProfile, memory: number) => evaluate(profile, { A: { memory } });
const sum = (values: object) => Object.values(values as Record<string, number>).reduce((a, b) => a + b, 0);

describe("CPU law", () => {
  test("takes b/p + max(0, b/q - 1)(P - q/p) from full credit", () => {
    const platform = { cpuPeriodMs: 20, mbPerVcpu: 1769 };
    fc.assert(
      fc.property(
        fc.integer({ min: 128, max: 10_240 }),
        fc.double({ min: 0.01, max: 5000, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        (memory, work, threads) => {
          const law = cpuLaw(memory, platform);
          const p = Math.min(threads, law.cores);
          if (p <= law.rate) expect(burstTime(law, work, threads)).toBeCloseTo(work / p, 9);
          else {
            const q = (20 * memory) / 1769;
            const expected = work / p + Math.max(0, work / q - 1) * (20 - q / p);
            expect(burstTime(law, work, threads) / expected).toBeCloseTo(1, 9);
          }
        },
      ),
    );
  });

  test("gives the published times of a single-thread task of 469 vCPU-ms within 3 %", () => {
    const measured = { 128: 6543, 256: 3257, 512: 1619, 768: 1081, 1024: 804, 1536: 540, 2048: 469 };
    for (const [memory, ms] of Object.entries(measured)) {
      const predicted = burstTime(cpuLaw(Number(memory), { cpuPeriodMs: 20, mbPerVcpu: 1769 }), 469);
      expect(Math.abs(predicted / ms - 1), memory).toBeLessThan(0.03);
    }
  });

  test("lets several small bursts in a row share one quota", () => {
    const one = at(profileOf({ A: [{ cpu: 10 }] }), 128).latency.mean;
    const ten = at(profileOf({ A: Array.from({ length: 10 }, () => ({ cpu: 1 })) }), 128).latency.mean;
    expect(ten).toBeCloseTo(one, 9);
  });

  test("threads share the visible cores", () => {
    const profile = profileOf({ A: [{ cpu: 120, threads: 6 }] });
    expect(at(profile, 3538).latency.mean).toBeCloseTo(burstTime(cpuLaw(3538, profile.platform), 120, 3), 9);
    expect(at(profile, 2048).latency.mean).toBeCloseTo(burstTime(cpuLaw(2048, profile.platform), 120, 2), 9);
  });
});

describe("closed forms", () => {
  test("CPU-bound work costs 1769 W per MB price, flat up to one vCPU but for the first quota at full speed", () => {
    const profile = profileOf({ A: [{ cpu: 2000 }] });
    for (const memory of [128, 512, 1024, 1769]) {
      const cost = at(profile, memory).costPerMillion / 1e6 - FEE;
      const boost = PRICE * memory * (20 - (20 * memory) / 1769);
      expect(cost + boost).toBeCloseTo(PRICE * 1769 * 2000, 12);
    }
    const { front } = optimize(profile, { goal: "latency" });
    expect(front[0]!.setup.A!.memory).toBe(1769);
  });

  test("a sleeping task and one of 1 ms cost least at the smallest size", () => {
    for (const program of [[{ wait: 100 }], [{ cpu: 1 }]] as Step[][]) {
      expect(optimize(profileOf({ A: program }), { goal: "cost" }).front.at(-1)!.setup.A!.memory).toBe(128);
    }
  });

  test("double billing is a price on latency: m* = sqrt(1769 W (lambda + price sum m) / (price s)), 1346 MB in the example", () => {
    // A waits at 512 MB for B with W = 100 and s = 50. Long bursts, so that the law is the plain share: period near 0.
    const profile = profileOf({ A: [{ call: "B" }], B: [{ cpu: 100 }, { wait: 50 }] }, { cpuPeriodMs: 1e-9 });
    const cost = (memory: number) => evaluate(profile, { A: { memory: 512 }, B: { memory } }).costPerMillion;
    let best = 128;
    for (let memory = 128; memory <= 1769; memory++) if (cost(memory) < cost(best)) best = memory;
    expect(best).toBe(Math.round(Math.sqrt((1769 * 100 * 512) / 50)));
    expect(best).toBe(1346);
  });

  test("an asynchronous call into an asynchronous host: inlining saves the fee and the way there", () => {
    const hop = { cpuMs: 2, waitMs: 10 };
    const profile = profileOf(
      { A: [{ call: "H", async: true }], H: [{ cpu: 500 }, { call: "B", async: true }], B: [{ cpu: 500 }] },
      { async: hop, cpuPeriodMs: 1e-9 },
    );
    const remote = evaluate(profile, { H: { memory: 1024 }, B: { memory: 1024 } });
    const inline = evaluate(profile, { H: { memory: 1024, inlineAsync: ["B"] }, B: { memory: 1024 } });
    expect((remote.costPerMillion - inline.costPerMillion) / 1e6).toBeCloseTo(FEE + PRICE * 1769 * 2 + PRICE * 1024 * 10, 12);
    expect(inline.latency.mean).toBeCloseTo(remote.latency.mean, 9);
  });

  test("an asynchronous call stays remote in a host that somebody waits for, unless loss is tolerated", () => {
    const profile = profileOf({ A: [{ call: "B", async: true }], B: [{ cpu: 100 }] });
    const listed = evaluate(profile, { A: { memory: 1769, inlineAsync: ["B"] }, B: { memory: 1769 } });
    expect(listed.invocations).toBe(2);
    const tolerant = { ...profile, constraints: { lossTolerated: ["B"] } };
    const inlined = evaluate(tolerant, { A: { memory: 1769, inlineAsync: ["B"] } });
    expect(inlined.invocations).toBe(1);
    expect(inlined.latency.mean).toBeCloseTo(100, 9);
  });

  test("a fan-out of CPU-bound callees: remote saves time when the host's thread is the bottleneck", () => {
    const k = 4;
    const fan = (W: number) =>
      profileOf(
        { A: [{ parallel: Array.from({ length: k }, (): Step[] => [{ call: "B" }]) }], B: [{ cpu: W }] },
        { sync: { cpuMs: 1, waitMs: 10 } },
      );
    for (const W of [2, 100]) {
      const inline = evaluate(fan(W), { A: { memory: 1769, inline: ["B"] } });
      const remote = evaluate(fan(W), { A: { memory: 1769 }, B: { memory: 1769 } });
      expect(inline.latency.mean).toBeCloseTo(k * W, 9);
      expect(inline.costPerMillion).toBeLessThan(remote.costPerMillion);
      expect(remote.latency.mean < inline.latency.mean).toBe(k * W > k + 10 + W);
    }
  });

  test("cold only: fusing a chain of k functions saves k - 1 INITs", () => {
    const cold = { coldShare: 1, init: { waitMs: 140, cpuMs: 0, perMbCode: 0 } };
    const profile = profileOf({ A: [{ call: "B" }], B: [{ call: "C" }], C: [{ wait: 1 }] }, cold);
    const apart = evaluate(profile, {});
    const fused = evaluate(profile, { A: { inline: ["B", "C"] } });
    expect(apart.latency.mean - fused.latency.mean).toBeCloseTo(2 * 140, 9);
    expect(apart.terms.latency.coldStart).toBeCloseTo(3 * 140, 9);
  });

  test("a rarely used heavy package is better left outside when cold starts are the rule", () => {
    const profile = profileOf(
      { A: [{ cpu: 5 }, { call: "B", times: 0.01 }], B: [{ cpu: 5 }] },
      { coldShare: 1, init: { waitMs: 100, cpuMs: 0, perMbCode: 20 }, sync: { cpuMs: 1, waitMs: 5 } },
    );
    profile.tasks.B!.codeMb = 50;
    expect(optimize(profile, { goal: "latency" }).front[0]!.setup.A!.inline).toBeUndefined();
    const small = { ...profile, tasks: { ...profile.tasks, B: { program: [{ cpu: 5 }], codeMb: 0.01 } } };
    expect(optimize(small, { goal: "latency" }).front[0]!.setup.A!.inline).toEqual(["B"]);
  });

  test("a rising request fee never leads to more invocations on the cheapest point", () => {
    for (let seed = 1; seed <= 25; seed++) {
      const profile = randomProfile(seed, {
        tasks: 6,
        sizes: [128, 512, 1769],
        shared: 0,
        async: 0.3,
        parallel: 0.2,
        floors: 0.3,
      });
      const counts = [2e-7, 1.2e-6, 3.7e-6, 2.5e-5].map(
        (perRequest) =>
          optimize({ ...profile, prices: { ...profile.prices, perRequest } }, { goal: "cost" }).front.at(-1)!.invocations,
      );
      for (let i = 1; i < counts.length; i++) expect(counts[i]!, `seed ${seed}`).toBeLessThanOrEqual(counts[i - 1]! + 1e-9);
    }
  });
});

describe("dominance: inlining a synchronous sequential call at unchanged memory never costs more", () => {
  test("for random callees, memories and hops (one thread, up to one vCPU)", () => {
    const amount = fc.double({ min: 0, max: 300, noNaN: true });
    const memory = fc.integer({ min: 128, max: 1769 });
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, memory, memory, (before, cpu, wait, after, hop, host, callee) => {
        const profile = profileOf(
          { A: [{ cpu: before }, { call: "B" }, { cpu: after }], B: [{ cpu }, { wait }] },
          { sync: { cpuMs: hop / 30, waitMs: hop / 10 } },
        );
        const remote = evaluate(profile, { A: { memory: host }, B: { memory: callee } });
        const inline = evaluate(profile, { A: { memory: host, inline: ["B"] } });
        expect(inline.costPerMillion).toBeLessThanOrEqual(remote.costPerMillion);
      }),
      { numRuns: 500 },
    );
  });

  test("but a raised floor can make remote the cheaper one", () => {
    const profile = profileOf(
      { A: [{ wait: 1000 }, { call: "B", times: 0.01 }], B: [{ cpu: 1 }] },
      { sync: { cpuMs: 1, waitMs: 5 } },
    );
    profile.tasks.B!.memoryFloor = 1024;
    expect(optimize(profile, { goal: "cost" }).front.at(-1)!.setup).toEqual({ A: { memory: 128 }, B: { memory: 1024 } });
  });
});

describe("ledger", () => {
  test("terms add up to cost and latency for random apps and setups", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const profile = randomProfile(seed, {
        tasks: 7,
        sizes: [128, 512, 3538],
        shared: 0.4,
        async: 0.3,
        parallel: 0.6,
        times: 0.3,
        contention: true,
      });
      for (const { latency, costPerMillion, terms } of optimize(profile, { goal: "balanced" }).front) {
        expect(Math.abs(sum(terms.cost) / costPerMillion - 1)).toBeLessThan(1e-9);
        expect(Math.abs(sum(terms.latency) / latency.mean - 1)).toBeLessThan(1e-9);
      }
    }
  });

  test("says what is what in a case worked out by hand", () => {
    const profile = profileOf(
      { A: [{ cpu: 10 }, { call: "B" }, { call: "C", async: true }], B: [{ wait: 30 }], C: [{ wait: 7 }] },
      { sync: { cpuMs: 2, waitMs: 8 }, async: { cpuMs: 4, waitMs: 6 } },
    );
    const { terms, latency, invocations } = evaluate(profile, { A: { memory: 1769 }, B: { memory: 128 }, C: { memory: 128 } });
    expect(invocations).toBe(3);
    expect(latency.mean).toBeCloseTo(10 + 2 + 8 + 30 + 4 + 6, 9);
    expect(terms.latency).toMatchObject({ cpu: 10, wait: 30, hopCpu: 6, hopWait: 14, coldStart: 0, payload: 0 });
    const million = 1e6 * PRICE;
    expect(terms.cost.ownCompute).toBeCloseTo(million * (1769 * 10 + 128 * 30 + 128 * 7), 9);
    expect(terms.cost.doubleBilled).toBeCloseTo(million * 1769 * 38, 9);
    expect(terms.cost.hopCpu).toBeCloseTo(million * 1769 * 6, 9);
    expect(terms.cost.hopWait).toBeCloseTo(million * 1769 * 6, 9);
    expect(terms.cost.requestFees).toBeCloseTo(0.6, 9);
  });
});

describe("unusual graphs", () => {
  test("recursion is followed until it ends, and called endless when it does not", () => {
    const loop = (times: number) => profileOf({ A: [{ wait: 10 }, { call: "A", times }] });
    expect(at(loop(0.5), 128).latency.mean).toBeCloseTo(20, 6);
    expect(at(loop(0.5), 128).invocations).toBeCloseTo(2, 6);
    expect(() => at(loop(1), 128)).toThrow(/recursion through task “A” does not end/);
    const { front, exact } = optimize(loop(0.5), { goal: "balanced" });
    expect(front.length).toBeGreaterThan(0);
    expect(exact).toBe(false);
  });

  test("tasks that are never reached and calls that are never made cost nothing", () => {
    const profile = profileOf({ A: [{ wait: 10 }, { call: "B", times: 0 }], B: [{ wait: 1000 }], C: [{ call: "A" }] });
    expect(at(profile, 128)).toMatchObject({ invocations: 1 });
    expect(at(profile, 128).latency.mean).toBeCloseTo(10, 9);
  });

  test("several entries weigh by their share", () => {
    const profile = {
      ...profileOf({ A: [{ wait: 10 }], B: [{ wait: 100 }] }),
      entries: [
        { task: "A", weight: 3 },
        { task: "B", weight: 1 },
      ],
    };
    expect(evaluate(profile, {}).latency.mean).toBeCloseTo(32.5, 9);
  });
});
