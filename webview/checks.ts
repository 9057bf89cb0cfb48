/** Small checks that compose. Each returns a copy of what it accepts, or throws with the place and what was expected there. */

export type Check<T> = (value: unknown, at: string) => T;

type Shape = Record<string, Check<unknown>>;
type Optional = Check<unknown> & { optional: true };
type Checked<C> = C extends Check<infer T> ? T : never;
type Keys<S, Wanted> = { [K in keyof S]: S[K] extends Wanted ? K : never }[keyof S];
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOf<S extends Shape> = Flat<
  { [K in Exclude<keyof S, Keys<S, Optional>>]: Checked<S[K]> } & { [K in Keys<S, Optional>]?: Checked<S[K]> }
>;

export const fail = (at: string, expected: string): never => {
  throw new TypeError(`${at}: expected ${expected}`);
};

export const string =
  (max: number): Check<string> =>
  (value, at) =>
    typeof value === "string" && value.length <= max ? value : fail(at, `a string of at most ${max} characters`);

export const number =
  (min: number, max: number, { integer = false } = {}): Check<number> =>
  (value, at) =>
    typeof value === "number" && value >= min && value <= max && (!integer || Number.isInteger(value))
      ? value
      : fail(at, `${integer ? "an integer" : "a number"} from ${min} to ${max}`);

export const boolean: Check<boolean> = (value, at) => (typeof value === "boolean" ? value : fail(at, "true or false"));

export const literal =
  <T extends string>(...values: T[]): Check<T> =>
  (value, at) =>
    values.find((each) => each === value) ?? fail(at, values.map((each) => `"${each}"`).join(" or "));

/** `undefined` and a missing field mean the same; `null` is refused. */
export const optional = <T>(check: Check<T>): Check<T | undefined> & { optional: true } =>
  Object.assign((value: unknown, at: string) => (value === undefined ? undefined : check(value, at)), {
    optional: true as const,
  });

export const array =
  <T>(check: Check<T>, max: number): Check<T[]> =>
  (value, at) => {
    if (!Array.isArray(value) || value.length > max) return fail(at, `a list of at most ${max}`);
    return Array.from(value, (each: unknown, index) => check(each, `${at}[${index}]`));
  };

export const object =
  <S extends Shape>(shape: S): Check<ObjectOf<S>> =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(at, "an object");
    const copy: Record<string, unknown> = {};
    for (const [key, check] of Object.entries(shape)) {
      const field = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      const checked = check(field, `${at}.${key}`);
      if (checked !== undefined) copy[key] = checked;
    }
    return copy as ObjectOf<S>;
  };

/** Chooses the check by the value of one field. */
export const union =
  <S extends Shape>(field: string, members: S): Check<Checked<S[keyof S]>> =>
  (value, at) => {
    const tag =
      typeof value === "object" && value !== null && Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
    const check = typeof tag === "string" && Object.hasOwn(members, tag) ? members[tag] : undefined;
    return check ? (check(value, at) as Checked<S[keyof S]>) : fail(`${at}.${field}`, Object.keys(members).join(" or "));
  };
