import { type AggregateUse, type Evaluate, ExpressionParser, queryRegex } from "./expression.ts";
import { globExtractor } from "./glob.ts";
import {
  type Command,
  type Named,
  computeStage,
  dedupStage,
  filterStage,
  limitStage,
  parseStage,
  sortStage,
  statsStage,
} from "./stages.ts";
import { malformed } from "./syntax-error.ts";
import { Tokens, isWord } from "./tokens.ts";

export const DEFAULT_ROWS = 10_000;
export const MAX_ROWS = 100_000;
const MAX_STATS = 10;

/** A query compiled to its commands. */
export interface Query {
  readonly commands: readonly Command[];
  /** How many of the commands work on single events: what passes them has matched. */
  readonly matching: number;
  /** Names of the fields shown. */
  readonly columns: readonly string[];
  /** Rows are groups, not events: they have no `@ptr`. */
  readonly aggregated: boolean;
  readonly limit: number | undefined;
}

/** Compiles a query; refuses it with MalformedQueryException, which names the place that is at fault. */
export function parseQuery(text: string): Query {
  try {
    return new QueryParser(text).query();
  } catch (error) {
    if (error instanceof RangeError) throw malformed("the query is nested too deeply", 0, text.length);
    throw error;
  }
}

class QueryParser {
  readonly #tokens: Tokens;
  readonly #commands: Command[] = [];
  #matching: number | undefined;
  #columns: string[] = [];
  #stats = 0;
  #limit: number | undefined;
  #sorted: (() => void) | undefined;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
  }

  query(): Query {
    if (this.#tokens.peek().kind === "end") throw malformed("empty query", 0, 1);
    do this.#command();
    while (this.#tokens.take("|"));
    if (this.#tokens.peek().kind !== "end") throw this.#tokens.unexpected("'|' or the end of the query");
    this.#sorted?.();
    return {
      commands: this.#commands,
      matching: this.#matching ?? this.#commands.length,
      columns: this.#columns.length > 0 ? this.#columns : ["@timestamp", "@message"],
      aggregated: this.#stats > 0,
      limit: this.#limit,
    };
  }

  #command(): void {
    const name = this.#tokens.name();
    switch (name.text.toLowerCase()) {
      case "fields":
        return this.#fields(false);
      case "display":
        return this.#fields(true);
      case "filter":
      case "where":
        this.#commands.push(filterStage(this.#expression()));
        return;
      case "parse":
        return this.#parse();
      case "stats":
        return this.#statsCommand();
      case "sort":
        return this.#sort();
      case "limit":
      case "head":
        return this.#limitCommand();
      case "dedup":
        return this.#dedup();
      default:
        throw malformed(`unexpected symbol found '${name.text}'`, name.start, name.end);
    }
  }

  #expression(aggregates?: AggregateUse[]): Evaluate {
    return new ExpressionParser(this.#tokens, aggregates).parse();
  }

  /** An expression and the name its value goes by: the one given, else what it is written as. */
  #named(aggregates?: AggregateUse[]): Named & { readonly computed: boolean } {
    const first = this.#tokens.peek();
    const evaluate = this.#expression(aggregates);
    const plain = first.kind === "name" && this.#written(first.start) === this.#tokens.text.slice(first.start, first.end);
    const written = plain ? first.text.replaceAll("`", "") : this.#written(first.start);
    if (this.#tokens.take("as")) return { name: this.#tokens.name().text, evaluate, computed: true };
    return { name: written, evaluate, computed: !plain };
  }

  #written(start: number): string {
    return this.#tokens.text.slice(start, this.#tokens.peek().start).trimEnd();
  }

  #namedList(aggregates?: AggregateUse[]): (Named & { readonly computed: boolean })[] {
    const fields = [];
    do fields.push(this.#named(aggregates));
    while (this.#tokens.take(","));
    return fields;
  }

  #fields(only: boolean): void {
    const fields = this.#namedList();
    const computed = fields.filter((field) => field.computed);
    if (computed.length > 0) this.#commands.push(computeStage(computed));
    const names = fields.map((field) => field.name);
    this.#columns = only ? names : [...new Set([...this.#columns, ...names])];
  }

  #parse(): void {
    const tokens = this.#tokens;
    const first = tokens.peek();
    // A name, not an expression: a slash after it begins the pattern.
    const source = first.kind === "name" ? tokens.next().text.replaceAll("`", "") : "@message";
    const field: Evaluate = (row) => row.get(source);
    const pattern = tokens.peek();
    if (pattern.kind === "sign" && pattern.text === "/") {
      const regex = queryRegex(tokens.regex());
      const aliases = this.#aliases();
      const names = regex.captures.map((name, index) => name || aliases[index] || "");
      if (names.length === 0) throw malformed("the regular expression has no capture group", pattern.start, pattern.end);
      if (names.includes("")) throw malformed("a capture group has no name", pattern.start, pattern.end);
      this.#commands.push(parseStage(field, names, (text) => regex.capture(text)));
      return;
    }
    if (pattern.kind !== "string") throw tokens.unexpected("a pattern in quotes or slashes");
    tokens.next();
    const names = this.#aliases();
    if (pattern.text.split("*").length - 1 !== names.length) {
      throw malformed("the number of wildcards differs from the number of names", pattern.start, pattern.end);
    }
    this.#commands.push(parseStage(field, names, globExtractor(pattern.text)));
  }

  #aliases(): string[] {
    const names: string[] = [];
    if (!this.#tokens.take("as")) return names;
    do names.push(this.#tokens.name().text);
    while (this.#tokens.take(","));
    return names;
  }

  #statsCommand(): void {
    const start = this.#tokens.peek().start;
    if (++this.#stats > MAX_STATS || this.#sorted || this.#limit !== undefined) {
      throw malformed("sort and limit must follow the last of at most 10 stats commands", start, start + 1);
    }
    this.#matching ??= this.#commands.length;
    const uses: AggregateUse[] = [];
    const outputs = this.#namedList(uses);
    const groups = this.#tokens.take("by") ? this.#namedList() : [];
    this.#commands.push(statsStage(outputs, uses, groups));
    this.#columns = [...groups, ...outputs].map(({ name }) => name);
  }

  #sort(): void {
    const keys: { evaluate: Evaluate; descending: boolean }[] = [];
    do {
      const evaluate = this.#sortKey();
      const descending = isWord(this.#tokens.peek(), "desc");
      if (descending || isWord(this.#tokens.peek(), "asc")) this.#tokens.next();
      keys.push({ evaluate, descending });
    } while (this.#tokens.take(","));
    this.#matching ??= this.#commands.length;
    const at = this.#commands.push((next) => next) - 1;
    // How many rows it may keep is known when the whole query is.
    this.#sorted = () => {
      const last = at >= this.#commands.length - 2;
      this.#commands[at] = sortStage(keys, last ? (this.#limit ?? MAX_ROWS) : MAX_ROWS);
    };
  }

  /** `sort count(*)` means the column of that name, not another aggregation. */
  #sortKey(): Evaluate {
    const { start } = this.#tokens.peek();
    const uses: AggregateUse[] = [];
    const evaluate = this.#expression(uses);
    const written = this.#written(start);
    if (this.#columns.includes(written)) return (row) => row.get(written);
    if (uses.length > 0) throw malformed(`'${written}' is not a column of this query`, start, start + written.length);
    return evaluate;
  }

  #limitCommand(): void {
    const token = this.#tokens.peek();
    const limit = Number(token.text);
    if (token.kind !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) {
      throw this.#tokens.unexpected(`a number from 1 to ${MAX_ROWS}`);
    }
    this.#tokens.next();
    this.#matching ??= this.#commands.length;
    this.#limit = limit;
    this.#commands.push(limitStage(limit));
  }

  #dedup(): void {
    const fields = this.#namedList();
    this.#matching ??= this.#commands.length;
    this.#commands.push(dedupStage(fields.map((field) => field.evaluate)));
  }
}
