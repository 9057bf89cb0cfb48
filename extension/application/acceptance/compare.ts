/**
 * Old setup against new one, block by block, until the sequential test knows. On AWS both run at once, the client splitting root requests;
 * on one machine they take turns in random order and never overlap. What is reported is measured after the decision.
 */
import type { Goal } from "../../core/setup.ts";
import {
  blockOrder,
  decide,
  effectOf,
  judge,
  type AcceptanceVerdict,
  type Arm,
  type Block,
  type BlockPair,
  type Effect,
} from "../../optimizer/decide/index.ts";
import type { LongWork } from "../../ports/work.ts";
import type { WorkloadResult } from "../types.ts";
import type { JudgedBlock } from "./block.ts";

export interface ComparisonOptions extends LongWork {
  goal: Goal;
  /** Valid pairs of blocks at most before "no difference". */
  pairs: number;
  /** Root requests at most, both setups, void blocks included. */
  mostRequests: number;
  /** Root requests of one block. */
  blockRequests: number;
  /** Probability of a wrong verdict. */
  alpha: number;
  /** Pairs measured after the decision, for the effect that is reported. */
  freshPairs: number;
  /** Both setups at once. */
  concurrent: boolean;
  seed: number;
  oldMisses?: boolean;
}

export interface MeasuredBlock extends JudgedBlock {
  result: WorkloadResult;
}

export interface Comparison {
  verdict: AcceptanceVerdict;
  /** From blocks measured after the decision; undefined where requests ran out before. */
  fresh: Effect | undefined;
  pairs: BlockPair[];
  freshPairs: BlockPair[];
  /** Void blocks of each setup, with their reasons. */
  voids: Record<Arm, string[]>;
  /** Valid blocks' results of the pairs after the decision; of those before where there are none. */
  results: Record<Arm, WorkloadResult[]>;
  /** Root requests sent. */
  requests: number;
}

/** @throws the signal's reason when cancelled: the old setup is then to be restored by the caller. */
export async function compare(
  measureBlock: (arm: Arm, requests: number) => Promise<MeasuredBlock>,
  options: ComparisonOptions,
): Promise<Comparison> {
  const { goal, pairs: cap, mostRequests, blockRequests, alpha, freshPairs, seed, signal, progress } = options;
  const rule = { goal, cap, alpha, ...(options.oldMisses !== undefined && { oldMisses: options.oldMisses }) };
  const pairs: BlockPair[] = [];
  const fresh: BlockPair[] = [];
  const voids: Record<Arm, string[]> = { old: [], new: [] };
  const results: Record<"judged" | "fresh", Record<Arm, WorkloadResult[]>> = {
    judged: { old: [], new: [] },
    fresh: { old: [], new: [] },
  };
  let requests = 0;
  const order = blockOrder(Math.ceil(mostRequests / (2 * blockRequests)) + freshPairs, seed);
  const measurePair = async (kind: "judged" | "fresh"): Promise<BlockPair> => {
    const [first, second] = order.shift() ?? ["old", "new"];
    const measured = {} as Record<Arm, MeasuredBlock>;
    const one = async (arm: Arm): Promise<void> => void (measured[arm] = await measureBlock(arm, blockRequests));
    if (options.concurrent) await Promise.all([one(first), one(second)]);
    else {
      await one(first);
      signal?.throwIfAborted();
      await one(second);
    }
    for (const arm of ["old", "new"] as const) {
      const { block, void: reason, result } = measured[arm];
      requests += block.requests;
      if (reason) voids[arm].push(reason);
      else results[kind][arm].push(result);
    }
    return { old: measured.old.block, new: measured.new.block };
  };
  // What is left must also pay for the pairs after the decision.
  const affordable = () => requests + 2 * blockRequests * (1 + freshPairs) <= mostRequests;
  while (affordable() && decide(pairs, rule).kind === "undecided") {
    signal?.throwIfAborted();
    progress?.(`Comparing: pair ${pairs.length + 1} of ${cap} at most`, pairs.length / cap);
    pairs.push(await measurePair("judged"));
  }
  let verdict = judge(pairs, rule);
  if (verdict.kind === "undecided") {
    verdict = { ...verdict, kind: "no difference", reasons: [`${requests} requests, the cap, show none`] };
  }
  // Pairs up to the decision flatter what was decided: what is reported comes from new ones.
  if (verdict.kind === "better") {
    for (let i = 0; i < freshPairs; i++) {
      signal?.throwIfAborted();
      progress?.(`Measuring the effect: pair ${i + 1} of ${freshPairs}`, i / freshPairs);
      fresh.push(await measurePair("fresh"));
    }
  }
  const valid = (list: readonly Block[]) => list.filter((block) => !block.void).length;
  const usable = valid(fresh.map((pair) => pair.old)) > 0 && valid(fresh.map((pair) => pair.new)) > 0;
  return {
    verdict,
    fresh: usable ? effectOf(fresh) : undefined,
    pairs,
    freshPairs: fresh,
    voids,
    results: usable ? results.fresh : results.judged,
    requests,
  };
}
