/** Every setup of a small app, one by one, each evaluated by itself: the front that the search must find. */
import type { FunctionSetup, FusionSetup } from "../../../../extension/core/setup.ts";
import { evaluate, type ApplicationProfile, type Evaluation, type Step } from "../../../../extension/optimizer/index.ts";

interface CallSite {
  callee: string;
  async: boolean;
}

function callsOf(steps: readonly Step[]): CallSite[] {
  return steps.flatMap((step) =>
    "call" in step
      ? [{ callee: step.call, async: step.async ?? false }]
      : "parallel" in step
        ? step.parallel.flatMap((branch) => callsOf(branch))
        : [],
  );
}

/** Inside and outside of a function, and who is called remotely. */
function contents(
  profile: ApplicationProfile,
  root: string,
  own: FunctionSetup,
): { members: Set<string>; remote: Set<string>; used: Set<string> } {
  const members = new Set([root]);
  const remote = new Set<string>();
  const used = new Set<string>();
  for (const task of members) {
    for (const { callee, async } of callsOf(profile.tasks[task]!.program)) {
      const inline = (async ? own.inlineAsync : own.inline)?.includes(callee) ?? false;
      if (inline) {
        used.add(`${callee} ${async}`);
        members.add(callee);
      }
      // Gated asynchronous calls may go remote whatever the setup says.
      if (!inline || async) remote.add(callee);
    }
  }
  return { members, remote, used };
}

function allowed(profile: ApplicationProfile, root: string, own: FunctionSetup): boolean {
  const { members, used } = contents(profile, root, own);
  const listed = (own.inline?.length ?? 0) + (own.inlineAsync?.length ?? 0);
  // A list entry that nothing inside calls means the same as none: counted once.
  if (used.size !== listed) return false;
  const floor = Math.max(...[...members].map((task) => profile.tasks[task]!.memoryFloor ?? 0));
  const together = (profile.constraints.apart ?? []).some((group) => group.filter((task) => members.has(task)).length > 1);
  return own.memory! >= floor && !together;
}

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((set) => [...set, item])], [[]]);
}

function reachable(profile: ApplicationProfile, root: string): { sync: string[]; async: string[] } {
  const tasks = new Set([root]);
  const sync = new Set<string>();
  const async = new Set<string>();
  for (const task of tasks) {
    for (const call of callsOf(profile.tasks[task]!.program)) {
      tasks.add(call.callee);
      (call.async ? async : sync).add(call.callee);
    }
  }
  return { sync: [...sync], async: [...async] };
}

export function* allSetups(profile: ApplicationProfile): Generator<FusionSetup> {
  const choices = new Map<string, FunctionSetup[]>();
  const of = (root: string): FunctionSetup[] => {
    let known = choices.get(root);
    if (known) return known;
    const { sync, async } = reachable(profile, root);
    known = profile.memorySizes.flatMap((memory) =>
      subsets(sync).flatMap((inline) => subsets(async).map((inlineAsync): FunctionSetup => ({ memory, inline, inlineAsync }))),
    );
    known = known.filter((own) => allowed(profile, root, own));
    choices.set(root, known);
    return known;
  };
  function* extend(setup: FusionSetup, open: readonly string[]): Generator<FusionSetup> {
    const [root, ...rest] = open;
    if (root === undefined) {
      yield setup;
      return;
    }
    if (Object.hasOwn(setup, root)) {
      yield* extend(setup, rest);
      return;
    }
    for (const own of of(root)) yield* extend({ ...setup, [root]: own }, [...rest, ...contents(profile, root, own).remote]);
  }
  yield* extend(
    {},
    profile.entries.map(({ task }) => task),
  );
}

/** Fastest first. Undefined when there are more setups than `limit`. */
export function bruteForce(profile: ApplicationProfile, limit: number): Evaluation[] | undefined {
  let best: Evaluation[] = [];
  let count = 0;
  for (const setup of allSetups(profile)) {
    if (++count > limit) return undefined;
    const evaluation = evaluate(profile, setup);
    const { latency, costPerMillion } = evaluation;
    if (best.some((one) => one.latency.mean <= latency.mean && one.costPerMillion <= costPerMillion)) continue;
    best = best.filter((one) => one.latency.mean < latency.mean || one.costPerMillion < costPerMillion);
    best.push(evaluation);
  }
  return best.sort((a, b) => a.latency.mean - b.latency.mean);
}
