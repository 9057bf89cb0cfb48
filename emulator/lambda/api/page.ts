import { invalidParameter } from "../errors.ts";

/** Cuts a list into pages of at most `most`; the marker is opaque to callers. */
export function page<T>(items: T[], query: URLSearchParams, most: number): { shown: T[]; next: string | undefined } {
  const asked = Number(query.get("MaxItems") ?? most);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : most;
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
