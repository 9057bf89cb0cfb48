/** Which states of a function under search can never become part of a best setup. */
import { SPENT, type Host } from "./run.ts";
import type { State } from "./state.ts";

/**
 * `a` beats `b` whatever comes after when it is no later and no dearer, and
 * - has at least as much credit: every later step then takes no longer, and cost is judged with the time paid so far; or
 * - could rest until it has: it is then still no later, and only what was paid downstream may be compared.
 */
function beats(host: Host, a: State, b: State): boolean {
  if (a.t > b.t || a.codeMb > b.codeMb || a.bound !== b.bound) return false;
  if (host.relaxed && (a.tail > b.tail || a.work > b.work)) return false;
  if (a.credit >= b.credit) return a.down + host.price * a.t <= b.down + host.price * b.t;
  return a.down <= b.down && Math.min(host.law.quota, a.credit + host.law.rate * (b.t - a.t)) >= b.credit;
}

export function prune(host: Host, states: State[]): State[] {
  if (states.length < 2) return states;
  states.sort((a, b) => a.t - b.t || a.down - b.down || b.credit - a.credit);
  const kept: State[] = [];
  for (const state of states) if (!kept.some((other) => beats(host, other, state))) kept.push(state);
  const { effort } = host;
  const stateLimit = effort.explored > effort.steps ? Math.min(SPENT.stateLimit, effort.stateLimit) : effort.stateLimit;
  if (kept.length <= stateLimit) return kept;
  if (host.relaxed) return merged(kept, stateLimit);
  effort.exact = false;
  // Evenly over the range of time, both ends included.
  return Array.from({ length: stateLimit }, (_, i) => kept[Math.round((i * (kept.length - 1)) / (stateLimit - 1))]!);
}

/** Fewer states, each no worse in anything than those it stands for. */
function merged(states: readonly State[], count: number): State[] {
  return Array.from({ length: count }, (_, i) => {
    const part = states.slice(Math.floor((i * states.length) / count), Math.floor(((i + 1) * states.length) / count));
    const least = (value: (state: State) => number) => Math.min(...part.map(value));
    return {
      ...part[0]!,
      t: least((state) => state.t),
      tail: least((state) => state.tail),
      down: least((state) => state.down),
      work: least((state) => state.work),
      codeMb: least((state) => state.codeMb),
      credit: Math.max(...part.map((state) => state.credit)),
    };
  });
}
