import type { EventBlock } from "../storage/event-block.ts";
import type { LogGroup } from "../storage/group.ts";
import { scan } from "../storage/scan.ts";
import { DEFAULT_ROWS, MAX_ROWS, type Query } from "./parse-query.ts";
import { Row } from "./row.ts";
import type { Stage } from "./stages.ts";
import { toText } from "./value.ts";

export type ResultRow = { field: string; value: string }[];

/** What a query has found and cost so far; filled while it runs. */
export interface QueryProgress {
  results: ResultRow[];
  recordsScanned: number;
  recordsMatched: number;
  bytesScanned: number;
}

export interface QueryInput {
  readonly query: Query;
  readonly groups: readonly LogGroup[];
  readonly accountId: string;
  /** Epoch milliseconds, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly limit?: number;
}

/** What `@ptr` stands for: a group, and the place of an event in it. */
export function pointer(group: string, timestamp: number, sequence: number): string {
  return Buffer.from(JSON.stringify([group, timestamp, sequence])).toString("base64");
}

/** Runs a query over the groups' events, the latest first, block by block so that others get their turn. */
export async function runQuery(input: QueryInput, progress: QueryProgress, signal: AbortSignal): Promise<void> {
  const { query, now } = input;
  const first = pipeline(query, Math.min(input.limit ?? query.limit ?? DEFAULT_ROWS, MAX_ROWS), progress);
  const heads = input.groups.map((group) => new Head(group, input, signal));
  for (const head of heads) await head.load();
  while (!first.done && !signal.aborted) {
    const head = heads.reduce<Head | undefined>(
      (best, other) => (other.time > (best?.time ?? -Infinity) ? other : best),
      undefined,
    );
    if (!head?.block) break;
    const message = head.block.message(head.index);
    progress.recordsScanned++;
    progress.bytesScanned += head.block.lengths[head.index] as number;
    first.push(head.row(message, now));
    if (++head.index === head.block.count) await head.load();
  }
  if (!signal.aborted) first.end();
}

function pipeline(query: Query, limit: number, progress: QueryProgress): Stage {
  let shown = 0;
  const columns = query.aggregated ? query.columns : [...query.columns, "@ptr"];
  let stage: Stage = {
    push(row) {
      if (shown >= limit) return;
      shown++;
      progress.results.push(
        columns.flatMap((field) => {
          const value = toText(row.get(field));
          return value === undefined ? [] : [{ field, value }];
        }),
      );
    },
    end: () => undefined,
    get done() {
      return shown >= limit;
    },
  };
  const count = (next: Stage): Stage => ({
    push(row) {
      progress.recordsMatched++;
      next.push(row);
    },
    end: () => next.end(),
    get done() {
      return next.done;
    },
  });
  const commands = [...query.commands.slice(0, query.matching), count, ...query.commands.slice(query.matching)];
  for (const command of commands.toReversed()) stage = command(stage);
  return stage;
}

/** The next event of one group. */
class Head {
  readonly #group: LogGroup;
  readonly #blocks: AsyncGenerator<EventBlock>;
  readonly #log: string;
  block: EventBlock | undefined;
  index = 0;

  constructor(group: LogGroup, input: QueryInput, signal: AbortSignal) {
    const from = Math.max(input.from, group.expiry(input.now));
    this.#group = group;
    this.#log = `${input.accountId}:${group.name}`;
    this.#blocks = scan(group, group.order, { from, to: input.to, backwards: true }, signal);
  }

  /** Time of the event, -Infinity when there are no more. */
  get time(): number {
    return this.block ? this.block.timestamp(this.index) : -Infinity;
  }

  async load(): Promise<void> {
    const next = await this.#blocks.next();
    this.block = next.done ? undefined : next.value;
    this.index = 0;
  }

  row(message: string, now: number): Row {
    const { block, index } = this as { block: EventBlock; index: number };
    const { timestamp, sequence } = block.place(index);
    const event = {
      message,
      timestamp,
      ingestionTime: block.ingested[index] as number,
      logStream: this.#group.streamById[block.streams[index] as number]?.name ?? "",
      log: this.#log,
      ptr: pointer(this.#group.name, timestamp, sequence),
    };
    return new Row(event, now);
  }
}
