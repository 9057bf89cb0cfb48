import { invalidParameter } from "../errors.ts";
import { Constraints } from "../validation.ts";

/** Cuts a list into pages of at most `most`, whatever up to `largest` is asked for; the marker is opaque to callers. */
export function page<T>(
  items: T[],
  query: URLSearchParams,
  most: number,
  largest = 10_000,
): { shown: T[]; next: string | undefined } {
  const asked = query.get("MaxItems");
  const constraints = new Constraints();
  if (asked !== null) constraints.number("maxItems", asked.trim() === "" ? NaN : Number(asked), 1, largest);
  constraints.check();
  const size = Math.min(asked === null ? most : Number(asked), most);
  const marker = query.get("Marker");
  let start = 0;
  if (marker !== null && marker !== "") {
    start = Number(Buffer.from(marker, "base64url").toString());
    if (!Number.isInteger(start) || start < 0) throw invalidParameter("The provided marker is invalid.");
  }
  const end = start + size;
  return {
    shown: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
