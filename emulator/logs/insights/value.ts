/** What a field or expression may hold; a Date is a point in time, shown as the service shows timestamps. */
export type Value = string | number | boolean | Date | readonly Value[] | undefined;

export function toNumber(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

export function toText(value: Value): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(4)));
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "string" ? value : JSON.stringify(value.map(toText));
}

export function isTrue(value: Value): boolean {
  return value === true || (typeof value === "number" && value !== 0) || value === "true";
}

/** Numbers are compared as numbers wherever both sides are some, all else as text; undefined comes first. */
export function compareValues(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== undefined && y !== undefined) return x - y;
  const [s, t] = [toText(a) as string, toText(b) as string];
  return s < t ? -1 : s > t ? 1 : 0;
}
