/** How values cross from one task to another: as JSON, whether the call is inline or remote. */

/** Bytes of the largest synchronous request and, as Lambda counts it, response (6 MB; responses get 100 bytes more). */
export const MAX_SYNC_REQUEST = 6 * 1024 * 1024;
export const MAX_SYNC_RESPONSE = 6 * 1024 * 1024 + 100;
/** Bytes of the largest event (1 MB since 2025), our envelope around it included. */
export const MAX_EVENT = 1024 * 1024;

/**
 * JSON text of an input or a result. What JSON has no word for at the top (undefined, a function) becomes null, as Lambda does with results.
 * @throws TypeError for BigInt values and cycles, as JSON.stringify does.
 */
export function encode(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

export function decode(text: string): unknown {
  return JSON.parse(text);
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/**
 * The type a value has after it crossed: `Date` is a string, `undefined` is null, functions are gone.
 * Mirrors what `JSON.parse(JSON.stringify(value))` does.
 */
export type Json<T> = unknown extends T
  ? T
  : T extends { toJSON(): infer R }
    ? Json<R>
    : T extends string | number | boolean | null
      ? T
      : T extends undefined | void | symbol | ((...parameters: never[]) => unknown)
        ? null
        : T extends bigint
          ? never
          : T extends readonly unknown[]
            ? { -readonly [Index in keyof T]: Json<T[Index]> }
            : T extends object
              ? { [Key in keyof T as Dropped<T[Key]> extends true ? never : Key]: JsonProperty<T[Key]> }
              : T;

/** Properties that hold nothing but undefined, functions or symbols are left out by JSON. */
type Dropped<T> = [T] extends [undefined | symbol | ((...parameters: never[]) => unknown)] ? true : false;
/** A property that may be undefined may be missing afterwards; it is never null for that. */
type JsonProperty<T> = undefined extends T ? Json<Exclude<T, undefined>> | undefined : Json<T>;
