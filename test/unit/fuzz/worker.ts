/** Feeds one reader: first the corpus, then changed inputs. Says before each which it is, so that one that never ends is known. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { mulberry32 } from "../../../extension/optimizer/random.ts";
import { mutate } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";

export interface Work {
  target: string;
  seed: number;
  runs: number;
}

/** Sent before each input (`error` absent), for each failure, and at the end (`done`). */
export interface Word {
  input?: Uint8Array;
  error?: string;
  done?: { corpus: number; tries: number; slowestMs: number };
}

const { target, seed, runs } = workerData as Work;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const say = (word: Word): void => parentPort!.postMessage(word);

export function corpusOf(name: string): Buffer[] {
  const folder = join(import.meta.dirname, "corpus", name);
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file)));
}

const reader = (await import(`./targets/${target}.ts`)) as { default: FuzzTarget };
const { seeds = () => [], tokens = [], check, end } = reader.default;
const corpus = [...corpusOf(target), ...seeds()];
const words = tokens.map((text) => Buffer.from(text));
const draw = mulberry32(seed);
let slowestMs = 0;
let tries = 0;

async function one(input: Buffer): Promise<void> {
  say({ input });
  tries += 1;
  const began = performance.now();
  try {
    await check(input);
  } catch (error) {
    say({ input, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  slowestMs = Math.max(slowestMs, performance.now() - began);
}

for (const input of corpus) await one(input);
for (let index = 0; index < runs; index += 1) await one(mutate(draw, corpus, words));
end?.();
say({ done: { corpus: corpus.length, tries, slowestMs: Math.round(slowestMs) } });
