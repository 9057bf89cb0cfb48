/** The evaluation's own code, with as few requests as still say something: what the report claims still holds. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHORT } from "./plans.ts";
import { readRaw, type RawResults } from "./raw.ts";
import { claims } from "./report/claims.ts";
import { reportOf } from "./report/markdown.ts";
import { analyse, type Row } from "./results.ts";
import { evaluateApps } from "./run.ts";
import type { Plan } from "./types.ts";

/** Fifteen requests a block, on a machine that does other things: bounds on ratios are this much wider than the report's. */
const SLACK = 0.12;

let folder: string;
let raw: RawResults;
let rows: Row[];

async function evaluated(plan: Plan, into: string): Promise<RawResults> {
  const said: string[] = [];
  await evaluateApps(plan, into, (text) => said.push(text)).catch((error: unknown) => {
    throw new Error(`after “${said.at(-1)}”`, { cause: error });
  });
  return readRaw(into);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-evaluation-"));
  raw = await evaluated(SHORT, join(folder, "first"));
  rows = analyse(raw);
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the short evaluation", () => {
  it("measures base, the papers' final setup and ours in every app, thirty requests each", () => {
    for (const app of SHORT.apps) {
      const own = rows.filter((row) => row.app === app);
      expect(own.length, app).toBe(3);
      for (const { requests } of own) expect(requests).toBe(30);
    }
  });

  it("holds what the report claims, within its tolerance", async () => {
    const all = claims(rows, { slack: SLACK });
    expect(all.length).toBeGreaterThanOrEqual(10);
    const missed = all.filter(({ holds }) => !holds);
    if (missed.length === 0) return;
    // A defect misses again; what else ran on this machine meanwhile does not.
    process.stderr.write(`measured again: ${missed.map(({ text, measured }) => `${text}, measured ${measured}`).join("; ")}\n`);
    const again = analyse(await evaluated({ ...SHORT, seed: SHORT.seed + 1 }, join(folder, "again")));
    expect(claims(again, { slack: SLACK }).filter(({ holds }) => !holds)).toEqual([]);
  }, 600_000);

  it("writes the same report from the same raw results", async () => {
    const again = await readRaw(join(folder, "first"));
    expect(reportOf(again, analyse(again), "").text).toBe(reportOf(raw, rows, "").text);
  });

  it("draws every app's setups", () => {
    const { figures } = reportOf(raw, rows, "");
    expect([...figures.keys()].sort()).toEqual(SHORT.apps.map((app) => `${app}.svg`).sort());
    for (const svg of figures.values()) expect(svg).toMatch(/^<svg [^>]*xmlns/);
  });
});
