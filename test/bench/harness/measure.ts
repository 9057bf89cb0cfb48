import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Goal, Peer } from "../bench.ts";
import { type Machine, backgroundLoad, describeMachine } from "./machine.ts";
import { type Summary, orderOfRound, summarize } from "./statistics.ts";

/** Others may take this share of the machine before a run counts as disturbed. */
const QUIET = 0.1;

export interface PeerResult {
  readonly name: string;
  readonly absent?: string;
  readonly metrics: Readonly<Record<string, Summary>>;
  /** Values by metric, one a round; for the file, so that others can look closer. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** Median over the rounds of this peer's value divided by the first peer's in the same round. */
  readonly ratios: Readonly<Record<string, number>>;
}

export interface GoalResult extends Goal {
  readonly value: number | undefined;
  readonly holds: boolean | undefined;
}

export interface BenchResult {
  readonly name: string;
  readonly date: string;
  readonly machine: Machine;
  readonly scale: number;
  readonly rounds: number;
  /** Share of the machine that others took while nothing was measured, before and between rounds. */
  readonly background: Summary;
  readonly noisy: boolean;
  readonly peers: readonly PeerResult[];
  readonly goals: readonly GoalResult[];
}

interface Contestant {
  readonly peer: Peer;
  readonly folder: string;
  readonly samples: Record<string, number[]>;
  absent?: string;
}

/** Runs a bench: sets all peers up, lets them take turns round by round, and takes them down whatever happens. */
export async function measure(
  bench: Bench,
  options: { rounds?: number; scale: number; progress: (text: string) => void },
): Promise<BenchResult> {
  const rounds = options.rounds ?? bench.rounds;
  const background: number[] = [await backgroundLoad(1000)];
  const contestants: Contestant[] = [];
  try {
    for (const peer of bench.peers) {
      options.progress(`${bench.name}: setting up ${peer.name}`);
      const contestant: Contestant = { peer, folder: await mkdtemp(join(tmpdir(), "fusionize-bench-")), samples: {} };
      contestants.push(contestant);
      const outcome = await peer.setup?.({ scale: options.scale, folder: contestant.folder });
      if (outcome) contestant.absent = outcome.absent;
    }
    const present = contestants.filter(({ absent }) => absent === undefined);
    for (let round = -1; round < rounds; round++) {
      options.progress(`${bench.name}: ${round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`}`);
      for (const index of orderOfRound(present.length, Math.max(round, 0))) {
        const { peer, folder, samples } = present[index] as Contestant;
        const values = await peer.run({ scale: options.scale, folder }, round);
        if (round >= 0) for (const [metric, value] of Object.entries(values)) (samples[metric] ??= []).push(value);
      }
      background.push(await backgroundLoad(250));
    }
  } finally {
    for (const { peer, folder } of contestants.toReversed()) {
      await peer.teardown?.();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return report(bench, contestants, background, { ...options, rounds });
}

function report(
  bench: Bench,
  contestants: readonly Contestant[],
  background: readonly number[],
  options: { rounds: number; scale: number },
): BenchResult {
  const first = contestants[0]?.samples ?? {};
  const peers = contestants.map(({ peer, samples, absent }) => ({
    name: peer.name,
    absent,
    samples,
    metrics: mapDefined(samples, (values) => summarize(values)),
    ratios: mapDefined(samples, (values, metric) => medianRatio(values, first[metric] ?? [])),
  }));
  const summary = summarize(background) as Summary;
  return {
    name: bench.name,
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    scale: options.scale,
    rounds: options.rounds,
    background: summary,
    noisy: summary.median > QUIET,
    peers,
    goals: (bench.goals ?? []).map((goal) => judge(goal, peers)),
  };
}

function mapDefined<T>(
  samples: Record<string, readonly number[]>,
  map: (values: readonly number[], metric: string) => T | undefined,
) {
  return Object.fromEntries(
    Object.entries(samples).flatMap(([metric, values]) => {
      const value = map(values, metric);
      return value === undefined ? [] : [[metric, value]];
    }),
  ) as Record<string, T>;
}

/** Rounds are compared within themselves: what slowed one down slowed both. */
function medianRatio(values: readonly number[], base: readonly number[]): number | undefined {
  return summarize(values.flatMap((value, round) => (base[round] ? [value / base[round]] : [])))?.median;
}

function judge(goal: Goal, peers: readonly PeerResult[]): GoalResult {
  const samples = (name: string) => peers.find((peer) => peer.name === name)?.samples[goal.metric] ?? [];
  const value = goal.of === undefined ? summarize(samples(goal.peer))?.median : medianRatio(samples(goal.peer), samples(goal.of));
  if (value === undefined) return { ...goal, value, holds: undefined };
  return { ...goal, value, holds: value <= (goal.atMost ?? Infinity) && value >= (goal.atLeast ?? -Infinity) };
}
