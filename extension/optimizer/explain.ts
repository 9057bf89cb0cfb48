/** Why a setup is proposed, in words and numbers that come from the ledger. */
import type { FusionSetup } from "../core/setup.ts";
import type { AppView, FunctionView } from "./functions.ts";
import type { ApplicationProfile } from "./profile.ts";
import type { Evaluation, LatencyLedger } from "./types.ts";

export interface BeforeAfter {
  now: AppView;
  next: AppView;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
const quoted = (names: readonly string[]): string => list(names.map((name) => `\`${name}\``));
const ms = (value: number): string => `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
const dollars = (value: number): string => `$${value.toFixed(2)}`;

interface FunctionChange {
  root: string;
  after: FunctionView;
  before: FunctionView | undefined;
  gained: string[];
  left: string[];
}

function functionChanges({ now, next }: BeforeAfter): FunctionChange[] {
  return next.functions.flatMap((after) => {
    const before = now.functions.find((one) => one.root === after.root);
    const gained = after.tasks.filter((task) => !(before?.tasks ?? [after.root]).includes(task));
    const left = (before?.tasks ?? []).filter((task) => !after.tasks.includes(task));
    if (gained.length === 0 && left.length === 0 && before?.memory === after.memory) return [];
    return [{ root: after.root, after, before, gained, left }];
  });
}

export function titleOf(view: BeforeAfter): string {
  const changes = functionChanges(view);
  const fused = changes.filter(({ gained }) => gained.length > 0).map(({ root, gained }) => `${quoted(gained)} into \`${root}\``);
  const resized = changes.filter(({ before, after }) => before && before.memory !== after.memory);
  const sizes = resized.map(({ root, after }) => `\`${root}\` ${after.memory} MB`);
  const split = changes.filter(({ left }) => left.length > 0).map(({ root, left }) => `${quoted(left)} out of \`${root}\``);
  const parts = [
    fused.length > 0 ? `inline ${list(fused)}` : "",
    split.length > 0 ? `take ${list(split)}` : "",
    sizes.length > 0 ? `give ${list(sizes)}` : "",
  ].filter(Boolean);
  const text = parts.join("; ");
  return text ? `${text[0]!.toUpperCase()}${text.slice(1)}.` : "Keep the functions as they are.";
}

const LATENCY_WORDS: Record<keyof LatencyLedger, string> = {
  cpu: "the CPU work of the tasks on the way to the answer",
  wait: "what the tasks wait for",
  hopCpu: "making remote calls and entering functions (CPU time)",
  hopWait: "waiting for remote calls to get through",
  coldStart: "cold starts",
  payload: "carrying payloads",
};

/** The terms that decide, largest first: at most one for latency, two for cost. */
export function reasonsOf(profile: ApplicationProfile, now: Evaluation, expected: Evaluation, view: BeforeAfter): string[] {
  const reasons: string[] = [];
  const gone = view.now.waits.filter(
    (wait) => !view.next.waits.some((other) => other.from === wait.from && other.to === wait.to),
  );
  const [worst] = gone;
  if (worst) {
    reasons.push(
      `\`${worst.from}\` waited, and paid, ${ms(worst.waited)} per request for \`${worst.to}\` (${dollars(worst.paid * 1e6)} per million); inlined, the call is made inside.`,
    );
  }
  const latencyTerms = Object.keys(LATENCY_WORDS) as (keyof LatencyLedger)[];
  const gains = latencyTerms.map((term) => ({ term, gain: now.terms.latency[term] - expected.terms.latency[term] }));
  // Cold starts decide only where they are the rule: how many there are depends on the load of the hour.
  const usual = (profile.platform.coldShare ?? 0) >= 0.2 ? gains : gains.filter(({ term }) => term !== "coldStart");
  const best = usual.reduce((a, b) => (b.gain > a.gain ? b : a));
  if (best.gain > 0.01 * now.latency.mean) {
    const resized = functionChanges(view).find(({ before, after }) => after.awaited && before && before.memory < after.memory);
    const cause =
      resized && (best.term === "cpu" || best.term === "hopCpu")
        ? ` with ${resized.after.memory} MB instead of ${resized.before!.memory} MB for \`${resized.root}\``
        : "";
    reasons.push(
      `Latency: ${ms(expected.terms.latency[best.term])} instead of ${ms(now.terms.latency[best.term])} go into ${LATENCY_WORDS[best.term]}${cause}.`,
    );
  }
  const fewer = now.invocations - expected.invocations;
  const fees = now.terms.cost.requestFees - expected.terms.cost.requestFees;
  if (fewer > 0.005) {
    reasons.push(
      `Cost: ${Number(fewer.toFixed(2))} invocations fewer per request save ${dollars(fees)} per million in request fees${hopCost(now, expected)}.`,
    );
  } else if (expected.costPerMillion > now.costPerMillion) {
    reasons.push(`Cost: ${dollars(expected.costPerMillion - now.costPerMillion)} more per million requests buys that.`);
  }
  if (reasons.length === 0 && profile.entries.length > 0) {
    reasons.push(
      `Cost: ${dollars(now.costPerMillion)} becomes ${dollars(expected.costPerMillion)} per million requests at the same structure.`,
    );
  }
  return reasons;
}

function hopCost(now: Evaluation, expected: Evaluation): string {
  const hops = now.terms.cost.hopCpu + now.terms.cost.hopWait - expected.terms.cost.hopCpu - expected.terms.cost.hopWait;
  return hops > 0.005 ? `, and ${dollars(hops)} for making the calls` : "";
}

/** Prices and rates at which the current setup would be the better one. */
export function flipsOf(profile: ApplicationProfile, now: Evaluation, expected: Evaluation): string[] {
  const flips: string[] = [];
  const fee = profile.prices.perRequest * 1e6;
  const compute = (one: Evaluation) => one.costPerMillion - one.terms.cost.requestFees;
  const extra = compute(expected) - compute(now);
  const fewer = now.invocations - expected.invocations;
  if (fewer > 1e-9 && extra > 0)
    flips.push(`Below ${dollars(extra / fewer)} per million requests (now ${dollars(fee)}) it would cost more than now.`);
  else if (fewer > 1e-9) flips.push("It would save money without any request fee.");
  else if (fewer < -1e-9 && extra < 0)
    flips.push(`Above ${dollars(extra / fewer)} per million requests (now ${dollars(fee)}) it would cost more than now.`);
  if (expected.costPerMillion > now.costPerMillion && expected.latency.mean < now.latency.mean) {
    const rate = (expected.costPerMillion - now.costPerMillion) / (now.latency.mean - expected.latency.mean);
    flips.push(`It pays when a millisecond is worth more than $${rate.toFixed(4)} per million requests.`);
  }
  return flips;
}

export function changesOf(view: BeforeAfter, setup: FusionSetup): { task: string; message: string }[] {
  return functionChanges(view).map(({ root, before, after, gained, left }) => {
    const saved = view.now.waits.filter((wait) => wait.from === root && gained.includes(wait.to));
    const async = gained.filter((task) => setup[root]?.inlineAsync?.includes(task));
    const parts = [
      gained.length > 0 ? `run ${quoted(gained)} inside \`${root}\`` : "",
      left.length > 0 ? `let ${quoted(left)} run outside` : "",
      before && before.memory !== after.memory ? `${after.memory} MB instead of ${before.memory} MB` : "",
    ].filter(Boolean);
    const why = [
      ...saved.map((wait) => `it waits, and pays, ${ms(wait.waited)} per request for \`${wait.to}\``),
      async.length > 0 ? `nobody waits for \`${root}\`, so asynchronous work inside saves invocations` : "",
      before && before.memory < after.memory ? `an invocation takes ${ms(after.duration)} instead of ${ms(before.duration)}` : "",
    ].filter(Boolean);
    return { task: root, message: `${parts.join(", ")}${why.length > 0 ? `: ${why.join("; ")}` : ""}.` };
  });
}
