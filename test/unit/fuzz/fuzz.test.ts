/**
 * Everything that reads what others wrote, fed with its corpus and with changed inputs. What fails is written to `test/artifacts/fuzz`;
 * mended, it belongs into `corpus/<reader>`. `FUSIONIZE_SEED=N` draws other inputs, `FUSIONIZE_LONG=1` many times as many.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { record } from "../../reliability/outcome.ts";
import { feed } from "./feed.ts";

const long = process.env["FUSIONIZE_LONG"] === "1";
const seed = Number(process.env["FUSIONIZE_SEED"] ?? 1);
const RUNS = long ? 4_000 : 60;
const FAILED = join(import.meta.dirname, "../../artifacts/fuzz");
/** ms for one input, on a machine that does something else as well. */
const SLOW = 5_000;

const READERS: [target: string, what: string, holds: string][] = [
  [
    "template",
    "SAM, CloudFormation and Serverless templates",
    "findings with places inside the text; no crash, no hang, prototypes as they were",
  ],
  [
    "setup",
    "fusionize.json: parsed, checked, edited, renamed in",
    "faults with places inside the text; edits leave text that parses where it did",
  ],
  [
    "discovery",
    "source text: discovered, stripped of tasks",
    "findings with places inside the text, what is stripped still parses where it did",
  ],
  ["profile", "application profiles", "a profile or one error that says where"],
  [
    "log-lines",
    "lines of logs: records, reports, traces and profiles made of them",
    "a record, a report, or none; never a number that is none",
  ],
  ["log-files", "the emulator's log segments and its queue on disk", "whole records only, a restart works"],
  ["log-queries", "filter patterns and Insights queries", "a result or the service's refusal, in time"],
  ["zip", "archives", "unpacked inside their folder or refused"],
  ["messages", "messages from and to the webview", "dropped, or a fresh copy of what is known; paths inside the app's folder"],
  ["frames", "what a function writes into its channel to the emulator", "frames or nothing; the channel's memory is bounded"],
  ["events", "events and client contexts that reach a function", "unwrapped or taken as they are"],
];

test.each(READERS)(
  "%s: %s",
  async (target, what, holds) => {
    const began = performance.now();
    const { corpus, tries, slowestMs, failures } = await feed({ target, seed, runs: RUNS });
    mkdirSync(FAILED, { recursive: true });
    for (const [index, { input }] of failures.entries()) writeFileSync(join(FAILED, `${target}-${seed}-${index}`), input);
    record({
      kind: "fuzz",
      fault: what,
      holds,
      tries,
      failed: failures.length,
      firstSeed: seed,
      seen: `${corpus} inputs of the corpus first; the slowest took ${slowestMs} ms`,
      seconds: Math.round((performance.now() - began) / 100) / 10,
    });
    expect(
      failures.map(
        ({ error, input }) => `FUSIONIZE_SEED=${seed}: ${error}\n${Buffer.from(input).toString("latin1").slice(0, 400)}`,
      ),
    ).toEqual([]);
    expect(slowestMs).toBeLessThan(SLOW);
  },
  long ? 900_000 : 60_000,
);
