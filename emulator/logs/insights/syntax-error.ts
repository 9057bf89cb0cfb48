import { Refusal } from "../refusal.ts";

/** The refusal of a query that cannot be compiled, with the place in its text that is at fault. */
export function malformed(message: string, start: number, end: number): Refusal {
  return new Refusal("MalformedQueryException", message, {
    queryCompileError: { location: { startCharOffset: start, endCharOffset: end }, message },
  });
}
