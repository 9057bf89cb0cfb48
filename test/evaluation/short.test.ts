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

/** Fifteen requests a block, on a machine that does other things: bounds on ratios are this much wider than the report's. */
const SLACK = 0.12;

let folder: string;
let raw: RawResults;
let rows: Row[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-evaluation-"));
  const said: string[] = [];
  await evaluateApps(SHORT, folder, (text) => said.push(text)).catch((error: unknown) => {
    throw new Error(`after “${said.at(-1)}”`, { cause: error });
  });
  raw = await readRaw(folder);
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

  it("holds what the report claims, within its tolerance", () => {
    const all = claims(rows, { slack: SLACK });
    expect(all.length).toBeGreaterThanOrEqual(10);
    expect(all.filter(({ holds }) => !holds)).toEqual([]);
  });

  it("writes the same report from the same raw results", async () => {
    const again = await readRaw(folder);
    expect(reportOf(again, analyse(again), "").text).toBe(reportOf(raw, rows, "").text);
  });

  it("draws every app's setups", () => {
    const { figures } = reportOf(raw, rows, "");
    expect([...figures.keys()].sort()).toEqual(SHORT.apps.map((app) => `${app}.svg`).sort());
    for (const svg of figures.values()) expect(svg).toMatch(/^<svg [^>]*xmlns/);
  });
});
