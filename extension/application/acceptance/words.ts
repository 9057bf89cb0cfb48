/** A verdict in words and tables' cells, for terminal and editor alike. */
import type { Acceptance } from "../history.ts";
import type { Accepted } from "./accept-guarded.ts";

export const VERDICT_WORDS: Record<Acceptance["verdict"], string> = {
  better: "Better: the new setup stays.",
  worse: "Worse: rolled back.",
  "no difference": "No difference: the old setup is kept.",
};

export const FILE_WORDS: Record<Accepted["file"], string> = {
  kept: "fusionize.json holds the new setup.",
  restored: "fusionize.json has its old setup back.",
  "edited meanwhile": "fusionize.json was edited meanwhile and is left as it is; the old setup is deployed.",
};

/** One sentence each: what was decided on which evidence. */
export function evidenceOf({ comparison }: Accepted): string[] {
  const { verdict, pairs, voids, requests } = comparison;
  const { effect, evidence } = verdict;
  const lines = [
    `${effect.pairs} of ${pairs.length} pairs of blocks count, ${requests} requests in all; ${verdict.reasons.join("; ")}.`,
    `Evidence that the goal got better ${odds(evidence.goal.below)}, worse ${odds(evidence.goal.above)} (1 : 1 = none).`,
  ];
  const lost = [...voids.old.map((reason) => `old ${reason}`), ...voids.new.map((reason) => `new ${reason}`)];
  const counts = Object.entries(Object.groupBy(lost, (one) => one)).map(([reason, list]) => `${list?.length} ${reason}`);
  if (lost.length > 0) lines.push(`Void blocks, not judged: ${counts.join(", ")}.`);
  return lines;
}

const odds = (evidence: number): string => `${evidence >= 1000 ? "over 1,000" : Number(evidence.toPrecision(2))} : 1`;
