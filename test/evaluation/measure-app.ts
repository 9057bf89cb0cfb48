/** Phase one: every method searches. Phase two: all setups side by side, in blocks whose order is drawn anew each time. */
import { findContenders } from "./contenders.ts";
import { openLab, type Lab } from "./lab.ts";
import { mulberry32 } from "../../extension/optimizer/random.ts";
import { shuffled } from "./shuffle.ts";
import type { RawWriter } from "./raw.ts";
import type { AppName, Contender, LoadName, Plan, Search } from "./types.ts";

/** Base, the papers' final setup, and ours: without these there is nothing to say. */
export function threeContenders(contenders: readonly Contender[]): Contender[] {
  const named = (name: string) => contenders.find((one) => one.name === name || one.also.includes(name));
  const ours = contenders.findLast(({ origin }) => origin === "ours");
  return [...new Set([named("base"), named("papers, final"), ours].filter((one) => one !== undefined))];
}

/** The ones that every load and every sensitivity compares. */
export function mainContenders(contenders: readonly Contender[]): Contender[] {
  const more = contenders.filter(({ origin }) => origin === "all in one" || origin === "power tuning" || origin === "front");
  return [...new Set([...threeContenders(contenders), ...more])];
}

export interface MeasureOptions {
  plan: Plan;
  raw: RawWriter;
  say: (text: string) => void;
  signal?: AbortSignal;
}

export async function measureApp(name: AppName, options: MeasureOptions): Promise<void> {
  const { plan, raw, say, signal } = options;
  const lab = await openLab(name, { workScale: plan.workScale, ...(signal && { signal }) });
  let search: Search;
  try {
    search = await findContenders(name, lab, plan, say);
    await raw.search(search);
    for (const [load, { requests, blocks, contenders }] of Object.entries(plan.loads) as [LoadName, LoadPlan][]) {
      const main = contenders === "three" ? threeContenders(search.contenders) : mainContenders(search.contenders);
      const once = contenders === "all once" ? search.contenders : main;
      await interleave(
        lab,
        (block) => (block === 0 ? once : main),
        { name, load, requests, blocks, seed: plan.seed, rate: plan.rate },
        options,
      );
    }
  } finally {
    await lab.stop();
  }
  for (const hopMs of plan.hops) await sensitivity(name, search, hopMs, options);
}

type LoadPlan = NonNullable<Plan["loads"][LoadName]>;

interface Blocks {
  name: AppName;
  load: LoadName;
  requests: number;
  blocks: number;
  seed: number;
  rate: number;
  hopMs?: number;
}

async function interleave(
  lab: Lab,
  contendersOf: (block: number) => readonly Contender[],
  plan: Blocks,
  { raw, say }: MeasureOptions,
): Promise<void> {
  const { name, load, requests, blocks, seed, rate, hopMs } = plan;
  const random = mulberry32(seed);
  for (let block = 0; block < blocks; block += 1) {
    const contenders = contendersOf(block);
    for (const contender of contenders) await lab.deploy(contender);
    for (const [position, contender] of shuffled(contenders, random).entries()) {
      say(`${name}, ${load}: block ${block + 1} of ${blocks}, ${position + 1} of ${contenders.length}: ${contender.name}`);
      const at = new Date().toISOString();
      const { sent, records, reports, machineBusy, machineYielding } = await lab.measure(contender, load, { requests, rate });
      await raw.block({
        app: name,
        load,
        contender: contender.name,
        block,
        position,
        at,
        ...(hopMs !== undefined && { hopMs }),
        machineBusy,
        machineYielding,
        requests: sent,
        records,
        reports,
      });
    }
  }
}

/** What if a hop waited longer or shorter than assumed: the same setups, on an emulator with another hop. */
async function sensitivity(name: AppName, search: Search, hopMs: number, options: MeasureOptions): Promise<void> {
  const { plan, signal } = options;
  const warm = plan.loads.warm;
  if (!warm) return;
  const contenders = threeContenders(search.contenders);
  const lab = await openLab(name, { hopMs, workScale: plan.workScale, ...(signal && { signal }) });
  try {
    const blocks = { name, load: "warm" as const, requests: warm.requests, blocks: 1, seed: plan.seed, rate: plan.rate, hopMs };
    await interleave(lab, () => contenders, blocks, options);
  } finally {
    await lab.stop();
  }
}
