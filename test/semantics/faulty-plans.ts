/** Plans for the app that goes wrong: which calls are made, and which of them fail how, at points drawn at random. */
import type { Step } from "./faulty/src/step.ts";

const MOST_STEPS = 7;
const DEEPEST = 3;
/** Megabytes take the time of a trial: so many in a plan. */
const MOST_HEAVY = 2;
const HEAVY: readonly Step["fault"][] = ["too much", "over"];

export interface Plan {
  steps: Step[];
  /** Seconds that `left` and `right` may take. */
  timeouts: { left: number; right: number };
}

/** On a busy machine more than any callee takes that is not late, unless it moves megabytes. */
const SHORT = 1;
const LONG = 15;
/** ms that a late callee takes for each second that it may. */
const LATER = 1_500;
const planOf = (steps: Step[], seconds: number): Plan => ({ steps, timeouts: { left: seconds, right: seconds } });

const SYNC_FAULTS: Step["fault"][] = ["none", "none", "none", "throw", "text", "cyclic"];
const ASYNC_FAULTS: Step["fault"][] = ["none", "none", "throw", "text", "cyclic"];

/** The faults that a caller cannot tell from inline or remote. */
export function randomPlan(random: () => number): Plan {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  // Megabytes and short timeouts do not go together.
  const slow = random() < 0.5;
  const some = [...SYNC_FAULTS, ...(slow ? (["late", "late"] as const) : HEAVY)];
  let steps = 0;
  let heavy = 0;
  const level = (depth: number): Step[] => {
    const own: Step[] = [];
    for (let index = Math.ceil(random() * 3); index > 0 && steps < MOST_STEPS; index -= 1) {
      const id = `s${(steps += 1)}`;
      const kind = random() < 0.75 ? "sync" : "async";
      let fault = pick(kind === "sync" ? some : ASYNC_FAULTS);
      // Waiting for a throttled callee takes time of the caller's own: only where that is plentiful.
      if (depth === 1 && random() < 0.15) fault = "throttled";
      if (HEAVY.includes(fault) && (heavy += 1) > MOST_HEAVY) fault = "none";
      const calls = depth < DEEPEST && random() < 0.5 ? level(depth + 1) : [];
      own.push({ ms: LATER * SHORT, id, to: pick(["left", "right"]), kind, fault, when: pick(["before", "after"]), calls });
    }
    return own;
  };
  return planOf(level(1), slow ? SHORT : LONG);
}

const KEPT = 0.3;
const step = (id: string, fault: Step["fault"], more: Partial<Step> = {}): Step => ({
  id,
  to: "left",
  kind: "sync",
  fault,
  ms: LATER * KEPT,
  when: "after",
  calls: [],
  ...more,
});

/** Plans that once told inline from remote. */
export const KEPT_PLANS: Plan[] = [
  // A caller whose time is up before its callee's: the invocation waited for it for ever.
  planOf([step("s1", "none", { calls: [step("s2", "late", { to: "right" })] }), step("s3", "none")], KEPT),
  planOf([step("s1", "none", { kind: "async", calls: [step("s2", "late", { calls: [step("s3", "throw")] })] })], KEPT),
];

export const faultsOf = (steps: readonly Step[]): Step["fault"][] =>
  steps.flatMap(({ fault, calls }) => [...(fault === "none" ? [] : [fault]), ...faultsOf(calls)]);
