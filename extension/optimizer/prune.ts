/** Which states of a function under search can never become part of a best setup. */
import type { Host } from "./run.ts";
import type { State } from "./state.ts";

/**
 * `a` beats `b` whatever comes after when it is no later and no dearer, and
 * - has at least as much credit: every later step then takes no longer, and cost is judged with the time paid so far; or
 * - could rest until it has: it is then still no later, and only what was paid downstream may be compared.
 */
function beats(host: Host, a: State, b: State): boolean {
  if (a.t > b.t || a.codeMb > b.codeMb || a.bound !== b.bound) return false;
  if (a.credit >= b.credit) return a.down + host.price * a.t <= b.down + host.price * b.t;
  return a.down <= b.down && Math.min(host.law.quota, a.credit + host.law.rate * (b.t - a.t)) >= b.credit;
}

export function prune(host: Host, states: State[]): State[] {
  if (states.length < 2) return states;
  states.sort((a, b) => a.t - b.t || a.down - b.down || b.credit - a.credit);
  const kept: State[] = [];
  for (const state of states) if (!kept.some((other) => beats(host, other, state))) kept.push(state);
  const { stateLimit } = host.effort;
  if (kept.length <= stateLimit) return kept;
  host.effort.exact = false;
  // Evenly over the range of time, both ends included.
  return Array.from({ length: stateLimit }, (_, i) => kept[Math.round((i * (kept.length - 1)) / (stateLimit - 1))]!);
}
