import { type SafeRegex, compileQueryRegex } from "../regex/compile.ts";
import { AGGREGATES, type Aggregate } from "./aggregates.ts";
import { FUNCTIONS, sameValue } from "./functions.ts";
import { isPeriodFunction, parsePeriod, roundTime } from "./period.ts";
import type { Row } from "./row.ts";
import { malformed } from "./syntax-error.ts";
import { type Token, type Tokens, isWord } from "./tokens.ts";
import { type Value, compareValues, isTrue, toNumber, toText } from "./value.ts";

/** An expression compiled to a function of a row. */
export type Evaluate = (row: Row) => Value;

/** An aggregate met in an expression of `stats`: one accumulator of it is kept for each group. */
export interface AggregateUse {
  readonly create: () => Aggregate;
  readonly argument?: Evaluate;
  /** The name under which the finished value is put into the group's row. */
  readonly slot: string;
}

/** Compiles expressions. Aggregates are taken where `aggregates` collects them, and are otherwise unknown functions. */
export class ExpressionParser {
  readonly #tokens: Tokens;
  readonly #aggregates: AggregateUse[] | undefined;

  constructor(tokens: Tokens, aggregates?: AggregateUse[]) {
    this.#tokens = tokens;
    this.#aggregates = aggregates;
  }

  parse(): Evaluate {
    return this.#or();
  }

  #or(): Evaluate {
    let left = this.#and();
    while (this.#tokens.take("or")) {
      const [a, b] = [left, this.#and()];
      left = (row) => isTrue(a(row)) || isTrue(b(row));
    }
    return left;
  }

  #and(): Evaluate {
    let left = this.#not();
    while (this.#tokens.take("and")) {
      const [a, b] = [left, this.#not()];
      left = (row) => isTrue(a(row)) && isTrue(b(row));
    }
    return left;
  }

  #not(): Evaluate {
    if (!this.#tokens.take("not")) return this.#comparison();
    const inner = this.#not();
    return (row) => !isTrue(inner(row));
  }

  #comparison(): Evaluate {
    const left = this.#sum();
    const tokens = this.#tokens;
    if (tokens.take("like") || tokens.take("=~")) return this.#like(left);
    if (tokens.take("in")) return this.#in(left);
    if (isWord(tokens.peek(), "not")) {
      tokens.next();
      const positive = tokens.take("like") ? this.#like(left) : tokens.take("in") ? this.#in(left) : undefined;
      if (!positive) throw tokens.unexpected("'like' or 'in'");
      return (row) => !isTrue(positive(row));
    }
    for (const operator of ["=", "==", "!=", "<=", ">=", "<", ">"]) {
      if (!tokens.take(operator)) continue;
      const right = this.#sum();
      if (operator === "=" || operator === "==") return (row) => sameValue(left(row), right(row));
      if (operator === "!=") return (row) => !sameValue(left(row), right(row));
      const holds = {
        "<": (n: number) => n < 0,
        ">": (n: number) => n > 0,
        "<=": (n: number) => n <= 0,
        ">=": (n: number) => n >= 0,
      }[operator as "<"];
      return (row) => {
        const [a, b] = [left(row), right(row)];
        return a !== undefined && b !== undefined && holds(compareValues(a, b));
      };
    }
    return left;
  }

  #like(left: Evaluate): Evaluate {
    const token = this.#tokens.peek();
    if (token.kind === "sign" && token.text === "/") {
      const regex = queryRegex(this.#tokens.regex());
      return (row) => {
        const text = toText(left(row));
        return text !== undefined && regex.test(text);
      };
    }
    if (token.kind !== "string") throw this.#tokens.unexpected("a string or a regular expression");
    const part = this.#tokens.next().text;
    return (row) => toText(left(row))?.includes(part) ?? false;
  }

  #in(left: Evaluate): Evaluate {
    this.#tokens.expect("[");
    const members = this.#list("]");
    return (row) => {
      const value = left(row);
      return members.some((member) => sameValue(value, member(row)));
    };
  }

  #list(close: string): Evaluate[] {
    const members: Evaluate[] = [];
    if (this.#tokens.take(close)) return members;
    do members.push(this.parse());
    while (this.#tokens.take(","));
    this.#tokens.expect(close);
    return members;
  }

  #sum(): Evaluate {
    return this.#arithmetic(["+", "-"], () => this.#product());
  }

  #product(): Evaluate {
    return this.#arithmetic(["*", "/", "%"], () => this.#power());
  }

  #power(): Evaluate {
    return this.#arithmetic(["^"], () => this.#unary());
  }

  #arithmetic(signs: readonly (keyof typeof ARITHMETIC)[], operand: () => Evaluate): Evaluate {
    let left = operand();
    for (;;) {
      const sign = signs.find((candidate) => this.#tokens.take(candidate));
      if (!sign) return left;
      const [a, b, work] = [left, operand(), ARITHMETIC[sign]];
      left = (row) => {
        const [x, y] = [toNumber(a(row)), toNumber(b(row))];
        const result = x === undefined || y === undefined ? Number.NaN : work(x, y);
        return Number.isFinite(result) ? result : undefined;
      };
    }
  }

  #unary(): Evaluate {
    if (!this.#tokens.take("-")) return this.#primary();
    const inner = this.#unary();
    return (row) => {
      const number = toNumber(inner(row));
      return number === undefined ? undefined : -number;
    };
  }

  #primary(): Evaluate {
    const token = this.#tokens.peek();
    if (token.kind === "number") {
      const value = Number(this.#tokens.next().text);
      return () => value;
    }
    if (token.kind === "string") {
      const { text } = this.#tokens.next();
      return () => text;
    }
    if (this.#tokens.take("(")) {
      const inner = this.parse();
      this.#tokens.expect(")");
      return inner;
    }
    const name = this.#tokens.name();
    if (!name.quoted && this.#tokens.take("(")) return this.#call(name);
    if (isWord(name, "true") || isWord(name, "false")) {
      const value = isWord(name, "true");
      return () => value;
    }
    const field = name.text.replaceAll("`", "");
    return (row) => row.get(field);
  }

  #call(name: Token): Evaluate {
    const called = name.text.toLowerCase();
    const fail = (message: string) => malformed(message, name.start, name.end);
    if (isPeriodFunction(called)) {
      const time: Evaluate = called === "bin" ? (row) => row.get("@timestamp") : this.parse();
      if (called !== "bin") this.#tokens.expect(",");
      const period = parsePeriod(this.#tokens);
      this.#tokens.expect(")");
      return (row) => roundTime(toNumber(time(row)), period, called === "dateceil");
    }
    const aggregate = Object.hasOwn(AGGREGATES, called) ? AGGREGATES[called] : undefined;
    if (aggregate && this.#aggregates) return this.#aggregate(aggregate, this.#aggregates);
    const parameters = this.#list(")");
    if (called === "ispresent") {
      const [field] = parameters;
      if (!field) throw fail("ispresent takes a field");
      return (row) => field(row) !== undefined;
    }
    if (called === "now") return (row) => Math.floor(row.now / 1000);
    const work = Object.hasOwn(FUNCTIONS, called) ? FUNCTIONS[called] : undefined;
    if (!work) throw fail(`unknown function '${name.text}'`);
    return (row) => work(...parameters.map((parameter) => parameter(row)));
  }

  #aggregate(create: (parameter: number | undefined) => Aggregate, uses: AggregateUse[]): Evaluate {
    if (this.#tokens.take("*")) {
      this.#tokens.expect(")");
      return this.#use({ create: () => create(undefined) }, uses);
    }
    // Aggregates do not nest: what stands in one is of single rows.
    const [argument, parameter, ...rest] = new ExpressionParser(this.#tokens).#list(")");
    if (rest.length > 0) throw this.#tokens.unexpected("an aggregate of at most two arguments");
    const constant = parameter && toNumber(parameter({ get: () => undefined, now: 0 } as unknown as Row));
    return this.#use({ create: () => create(constant), argument }, uses);
  }

  #use(use: Omit<AggregateUse, "slot">, uses: AggregateUse[]): Evaluate {
    const slot = `\u0000${uses.length}`;
    uses.push({ ...use, slot });
    return (row) => row.get(slot);
  }
}

const ARITHMETIC = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "%": (a: number, b: number) => a % b,
  "^": (a: number, b: number) => a ** b,
};

/** Compiles an expression between slashes; what is wrong with it is reported as the query's mistake. */
export function queryRegex(token: Token): SafeRegex {
  try {
    return compileQueryRegex(token.text);
  } catch (error) {
    throw malformed(`invalid regular expression: ${(error as Error).message}`, token.start, token.end);
  }
}
