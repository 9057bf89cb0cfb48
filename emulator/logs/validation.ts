import { Refusal, invalidParameter } from "./refusal.ts";

/** One member of a request: its check reports constraint failures in the service's words; the type is what a handler then sees. */
export interface Field<T> {
  check(value: unknown, path: string, failures: string[]): void;
  /** Never set; carries the type. */
  readonly type?: T;
}

export type Fields = Record<string, Field<unknown>>;
export type Input<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

interface Bounds {
  min?: number;
  max?: number;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 1200 ? `${text.slice(0, 1200)}…` : text;
}

function fail(failures: string[], value: unknown, path: string, constraint: string): void {
  failures.push(`Value '${show(value)}' at '${path}' failed to satisfy constraint: ${constraint}`);
}

function mistyped(value: unknown, wanted: string): Refusal {
  const found = Array.isArray(value)
    ? "Start of array"
    : value !== null && typeof value === "object"
      ? "Start of structure or map"
      : (typeof value).toUpperCase() + "_VALUE";
  return new Refusal("SerializationException", `${found} can not be converted to ${wanted}`);
}

function lengthWithin(size: number, value: unknown, path: string, failures: string[], { min, max }: Bounds): void {
  if (min !== undefined && size < min) fail(failures, value, path, `Member must have length greater than or equal to ${min}`);
  if (max !== undefined && size > max) fail(failures, value, path, `Member must have length less than or equal to ${max}`);
}

export function string(limits: Bounds & { pattern?: RegExp; oneOf?: readonly string[] } = {}): Field<string | undefined> {
  const whole = limits.pattern && new RegExp(`^(?:${limits.pattern.source})$`, limits.pattern.flags);
  return {
    check(value, path, failures) {
      if (typeof value !== "string") throw mistyped(value, "a String");
      lengthWithin(value.length, value, path, failures, limits);
      if (whole && !whole.test(value))
        fail(failures, value, path, `Member must satisfy regular expression pattern: ${limits.pattern?.source}`);
      if (limits.oneOf && !limits.oneOf.includes(value))
        fail(failures, value, path, `Member must satisfy enum value set: [${limits.oneOf.join(", ")}]`);
    },
  };
}

export function integer(limits: Bounds = {}): Field<number | undefined> {
  return {
    check(value, path, failures) {
      if (typeof value !== "number" || !Number.isFinite(value)) throw mistyped(value, "a Number");
      const { min, max } = limits;
      if (min !== undefined && value < min) fail(failures, value, path, `Member must have value greater than or equal to ${min}`);
      if (max !== undefined && value > max) fail(failures, value, path, `Member must have value less than or equal to ${max}`);
    },
  };
}

export function boolean(): Field<boolean | undefined> {
  return {
    check(value) {
      if (typeof value !== "boolean") throw mistyped(value, "a Boolean");
    },
  };
}

export function list<T>(of: Field<T>, limits: Bounds = {}): Field<NonNullable<T>[] | undefined> {
  return {
    check(value, path, failures) {
      if (!Array.isArray(value)) throw mistyped(value, "a list");
      lengthWithin(value.length, value, path, failures, limits);
      for (const [index, member] of value.entries()) of.check(member, `${path}.${index + 1}.member`, failures);
    },
  };
}

export function structure<F extends Fields>(fields: F): Field<Input<F> | undefined> {
  return {
    check(value, path, failures) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw mistyped(value, "a structure");
      checkFields(fields, value as Record<string, unknown>, `${path}.`, failures);
    },
  };
}

export function map(limits: Bounds = {}): Field<Record<string, string> | undefined> {
  return {
    check(value, path, failures) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw mistyped(value, "a map");
      lengthWithin(Object.keys(value).length, value, path, failures, limits);
      for (const member of Object.values(value)) if (typeof member !== "string") throw mistyped(member, "a String");
    },
  };
}

const REQUIRED = new WeakSet<object>();

export function required<T>(field: Field<T>): Field<NonNullable<T>> {
  const needed: Field<NonNullable<T>> = { check: (value, path, failures) => field.check(value, path, failures) };
  REQUIRED.add(needed);
  return needed;
}

function checkFields(fields: Fields, body: Record<string, unknown>, path: string, failures: string[]): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = body[name];
    if (value !== undefined && value !== null) field.check(value, path + name, failures);
    else if (REQUIRED.has(field))
      failures.push(`Value null at '${path}${name}' failed to satisfy constraint: Member must not be null`);
  }
}

/** Checks a request's body and returns it typed; members the operation does not know are ignored, as the service does. */
export function parse<F extends Fields>(fields: F, body: unknown): Input<F> {
  const input = body ?? {};
  if (typeof input !== "object" || Array.isArray(input)) throw mistyped(input, "a structure");
  const failures: string[] = [];
  checkFields(fields, input as Record<string, unknown>, "", failures);
  if (failures.length > 0) {
    throw invalidParameter(
      `${failures.length} validation error${failures.length > 1 ? "s" : ""} detected: ${failures.join("; ")}`,
    );
  }
  // null means absent in AWS's JSON protocols
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input<F>;
}
