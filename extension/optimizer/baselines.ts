/**
 * What others would do with the same profile, in the same model: the yardsticks. Re-implementations after what is published of them.
 */
import type { FunctionSetup, FusionSetup } from "../core/setup.ts";
import { evaluate } from "./evaluate.ts";
import { viewOf } from "./functions.ts";
import { modelOf, visitCalls } from "./model.ts";
import type { ApplicationProfile } from "./profile.ts";
import { sizesFor } from "./solver.ts";
import type { Evaluation } from "./types.ts";

export interface Step {
  setup: FusionSetup;
  evaluation: Evaluation;
  /** What this deployment changed. */
  what: string;
}

/** Sizes that Fusionize++ tried on its IoT application, MB. */
const PAPER_SIZES = [128, 768, 1024, 1536, 1650, 2048];

/** Every task its own function at the smallest memory it runs with. */
export function allRemote(profile: ApplicationProfile): FusionSetup {
  const model = modelOf(profile);
  return Object.fromEntries(model.names.map((name, task) => [name, { memory: sizesFor(model, [task])[0] ?? 128 }]));
}

/** Every entry inlines all it reaches. Asynchronous calls stay remote at run time unless `lossTolerated` allows otherwise. */
export function allInOne(profile: ApplicationProfile, memory?: number): FusionSetup {
  const model = modelOf(profile);
  const setup = allRemote(profile);
  for (const { task } of model.entries) {
    const all = [...model.reach[task]!].map((other) => model.names[other]!).sort();
    const size = memory ?? sizesFor(model, [task, ...model.reach[task]!])[0] ?? 128;
    setup[model.names[task]!] = { memory: size, inline: all, inlineAsync: all };
  }
  return setup;
}

/**
 * Fusionize++-style: from all remote, one synchronous call after the other goes inline, in alphabetical order (asynchronous ones stay
 * remote); then every function gets the size of the lowest mean cost of its duration alone (no request fees).
 * The sweep deploys all functions at each size before it can choose.
 */
export function paperHeuristic(profile: ApplicationProfile): { setup: FusionSetup; steps: Step[] } {
  const steps: Step[] = [];
  let setup = allRemote(profile);
  const add = (next: FusionSetup, what: string): void => {
    setup = next;
    steps.push({ setup, evaluation: evaluate(profile, setup), what });
  };
  add(setup, "all remote");
  for (let edge = nextSyncCall(profile, setup); edge; edge = nextSyncCall(profile, setup)) {
    add(inlined(setup, edge.root, edge.callee), `${edge.callee} into ${edge.root}`);
  }
  const model = modelOf(profile);
  const best = new Map<string, { cost: number; memory: number }>();
  for (const size of PAPER_SIZES) {
    const sized: FusionSetup = {};
    for (const [root, own] of Object.entries(setup)) {
      const inside = [root, ...(own.inline ?? [])].map((name) => model.index.get(name)!);
      const sizes = sizesFor(model, inside);
      const memory = Math.min(Math.max(size, sizes[0] ?? 128), sizes.at(-1) ?? 128);
      sized[root] = { ...own, memory };
    }
    for (const { root, memory, duration } of viewOf(profile, sized).functions) {
      const cost = memory * duration;
      const known = best.get(root);
      if (!known || cost < known.cost) best.set(root, { cost, memory });
    }
    add(sized, `all functions at ${size} MB`);
  }
  const chosen = Object.fromEntries(
    Object.entries(setup).map(([root, own]) => [root, { ...own, memory: best.get(root)?.memory ?? own.memory! }]),
  );
  add(chosen, "cheapest size of each function");
  return { setup: chosen, steps };
}

/** The first remote synchronous call of a function that runs, by names; calls that constraints or recursion forbid are left out. */
function nextSyncCall(profile: ApplicationProfile, setup: FusionSetup): { root: string; callee: string } | undefined {
  const model = modelOf(profile);
  const running = viewOf(profile, setup).functions.sort((a, b) => (a.root < b.root ? -1 : 1));
  for (const { root, tasks, memory } of running) {
    const callees = new Set<string>();
    for (const task of tasks) {
      visitCalls(profile.tasks[task]!.program, ({ call, async, times }) => {
        if (!async && times !== 0) callees.add(call);
      });
    }
    for (const callee of [...callees].sort()) {
      const index = model.index.get(callee)!;
      const recursive = tasks.some((task) => callee === task || model.reach[index]!.has(model.index.get(task)!));
      const forbidden =
        tasks.some((task) => model.apart[index]!.includes(model.index.get(task)!)) || model.floor[index]! > memory;
      if (!setup[root]?.inline?.includes(callee) && !recursive && !forbidden) return { root, callee };
    }
  }
  return undefined;
}

function inlined(setup: FusionSetup, root: string, callee: string): FusionSetup {
  const own: FunctionSetup = setup[root] ?? {};
  return { ...setup, [root]: { ...own, inline: [...(own.inline ?? []), callee].sort() } };
}

/**
 * The step that the papers miss: the memory of every function that somebody waits for, chosen by latency and cost together (the
 * smallest product), one function after the other until nothing changes.
 */
export function waitingMemoryStep(profile: ApplicationProfile, setup: FusionSetup): Step {
  const model = modelOf(profile);
  const value = ({ latency, costPerMillion }: Evaluation) => latency.mean * costPerMillion;
  let current = setup;
  let evaluation = evaluate(profile, setup);
  const changed = new Set<string>();
  for (let again = true; again;) {
    again = false;
    for (const { root, tasks } of viewOf(profile, current).functions.filter((one) => one.awaited)) {
      for (const memory of sizesFor(
        model,
        tasks.map((name) => model.index.get(name)!),
      )) {
        const next = { ...current, [root]: { ...current[root], memory } };
        const tried = evaluate(profile, next);
        if (value(tried) >= value(evaluation) * (1 - 1e-9)) continue;
        current = next;
        evaluation = tried;
        changed.add(root);
        again = true;
      }
    }
  }
  const sizes = [...changed].map((root) => `${root} ${current[root]?.memory} MB`);
  return { setup: current, evaluation, what: sizes.length > 0 ? sizes.join(", ") : "no change" };
}

/** Lambda-Power-Tuning-style: every function of a setup alone, at its own cheapest size (request fees do not matter to it). */
export function perFunctionTuning(profile: ApplicationProfile, setup: FusionSetup = allRemote(profile)): FusionSetup {
  const model = modelOf(profile);
  const tuned: FusionSetup = { ...setup };
  for (const { root, tasks } of viewOf(profile, setup).functions) {
    let best = Infinity;
    for (const memory of sizesFor(
      model,
      tasks.map((name) => model.index.get(name)!),
    )) {
      const view = viewOf(profile, { ...setup, [root]: { ...setup[root], memory } }).functions.find((one) => one.root === root)!;
      if (view.duration * memory >= best) continue;
      best = view.duration * memory;
      tuned[root] = { ...setup[root], memory };
    }
  }
  return tuned;
}

/** FaaSFlow-style: again and again the call that shortens the response most goes inline, at unchanged memory, until none does. */
export function greedyCriticalEdge(profile: ApplicationProfile, setup: FusionSetup = allRemote(profile)): FusionSetup {
  const model = modelOf(profile);
  let current = setup;
  let latency = evaluate(profile, current).latency.mean;
  for (;;) {
    let best: FusionSetup | undefined;
    for (const { from, to } of viewOf(profile, current).waits) {
      const callee = model.index.get(to)!;
      const inside = [from, ...(current[from]?.inline ?? [])].map((name) => model.index.get(name)!);
      if (inside.some((task) => model.apart[callee]!.includes(task)) || model.floor[callee]! > (current[from]?.memory ?? 128))
        continue;
      const next = inlined(current, from, to);
      const tried = evaluate(profile, next).latency.mean;
      if (tried >= latency - 1e-9) continue;
      latency = tried;
      best = next;
    }
    if (!best) return current;
    current = best;
  }
}
