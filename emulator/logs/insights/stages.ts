import type { Aggregate } from "./aggregates.ts";
import type { AggregateUse, Evaluate } from "./expression.ts";
import { Row } from "./row.ts";
import { type Value, compareValues, isTrue, toText } from "./value.ts";

/** One command at work: rows are pushed in, and what comes of them is pushed on. */
export interface Stage {
  push(row: Row): void;
  /** No more rows will come. */
  end(): void;
  /** More rows would change nothing. */
  readonly done: boolean;
}

/** A command, given the stage after it. */
export type Command = (next: Stage) => Stage;

export interface Named {
  readonly name: string;
  readonly evaluate: Evaluate;
}

export const filterStage =
  (condition: Evaluate): Command =>
  (next) => ({
    push(row) {
      if (isTrue(condition(row))) next.push(row);
    },
    end: () => next.end(),
    get done() {
      return next.done;
    },
  });

/** Gives every row the values of some expressions. */
export const computeStage =
  (fields: readonly Named[]): Command =>
  (next) => ({
    push(row) {
      for (const { name, evaluate } of fields) row.set(name, evaluate(row));
      next.push(row);
    },
    end: () => next.end(),
    get done() {
      return next.done;
    },
  });

/** Takes fields out of another field; a row whose text does not fit goes on without them. */
export const parseStage =
  (field: Evaluate, names: readonly string[], extract: (text: string) => readonly (string | undefined)[] | undefined): Command =>
  (next) => ({
    push(row) {
      const text = toText(field(row));
      const found = text === undefined ? undefined : extract(text);
      for (const [index, name] of names.entries()) if (found?.[index] !== undefined) row.set(name, found[index]);
      next.push(row);
    },
    end: () => next.end(),
    get done() {
      return next.done;
    },
  });

export const limitStage =
  (limit: number): Command =>
  (next) => {
    let count = 0;
    return {
      push(row) {
        if (count++ < limit) next.push(row);
      },
      end: () => next.end(),
      get done() {
        return count >= limit || next.done;
      },
    };
  };

/** Keeps the first row of each combination of values. Rows that lack one of the fields go on. */
export const dedupStage =
  (fields: readonly Evaluate[]): Command =>
  (next) => {
    const seen = new Set<string>();
    return {
      push(row) {
        const values = fields.map((field) => toText(field(row)));
        const key = JSON.stringify(values);
        if (!values.includes(undefined) && seen.has(key)) return;
        seen.add(key);
        next.push(row);
      },
      end: () => next.end(),
      get done() {
        return next.done;
      },
    };
  };

/** Sorts; of more than twice the rows that can be shown the last ones are forgotten on the way, so memory stays bounded. */
export const sortStage =
  (keys: readonly { readonly evaluate: Evaluate; readonly descending: boolean }[], shown: number): Command =>
  (next) => {
    let rows: { row: Row; values: Value[] }[] = [];
    const sort = () => {
      rows.sort((a, b) => {
        for (const [index, { descending }] of keys.entries()) {
          const order = compareValues(a.values[index], b.values[index]);
          if (order !== 0) return descending ? -order : order;
        }
        return 0;
      });
      rows = rows.slice(0, shown);
    };
    return {
      push(row) {
        rows.push({ row, values: keys.map(({ evaluate }) => evaluate(row)) });
        if (rows.length > Math.max(1000, shown * 2)) sort();
      },
      end() {
        sort();
        for (const { row } of rows) next.push(row);
        next.end();
      },
      done: false,
    };
  };

/** Groups rows and aggregates each group. */
export const statsStage =
  (outputs: readonly Named[], uses: readonly AggregateUse[], groups: readonly Named[]): Command =>
  (next) => {
    const found = new Map<string, { values: Value[]; aggregates: Aggregate[] }>();
    let now = 0;
    return {
      push(row) {
        now = row.now;
        const values = groups.map(({ evaluate }) => evaluate(row));
        const key = JSON.stringify(values.map(toText));
        let group = found.get(key);
        if (!group) found.set(key, (group = { values, aggregates: uses.map((use) => use.create()) }));
        // count(*) has no argument: every row counts.
        for (const [index, use] of uses.entries()) group.aggregates[index]?.add(use.argument ? use.argument(row) : true, row);
      },
      end() {
        for (const { values, aggregates } of found.values()) {
          const row = new Row(undefined, now);
          for (const [index, { name }] of groups.entries()) row.set(name, values[index]);
          for (const [index, { slot }] of uses.entries()) row.set(slot, aggregates[index]?.result());
          for (const { name, evaluate } of outputs) row.set(name, evaluate(row));
          next.push(row);
        }
        next.end();
      },
      done: false,
    };
  };
