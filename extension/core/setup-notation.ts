import { UserError } from "./errors.ts";
import type { ResolvedFunction } from "./setup.ts";

/**
 * The papers' notation of a setup, `(A,B)-(C)`: one bracket per function, its root first. Functions keep the order that
 * `resolveSetup` gives them (entries first, then by name), so equal setups read the same. Memory sizes and the kind of an
 * inlined call are not part of it: use `setupId` to tell setups apart.
 */
export function notation(functions: readonly ResolvedFunction[]): string {
  return functions.map((f) => `(${f.tasks.join(",")})`).join("-");
}

/** The groups of a notation, root first. Throws `UserError` `notation-broken` for anything that `notation` does not write. */
export function parseNotation(text: string): string[][] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  const group = /\(\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*\)\s*(-?)\s*/y;
  const groups: string[][] = [];
  let open = true;
  while (open) {
    const match = group.exec(trimmed);
    if (!match) throw broken(text);
    groups.push(match[1]!.split(",").map((name) => name.trim()));
    open = match[2] === "-";
    if (!open && group.lastIndex !== trimmed.length) throw broken(text);
  }
  return groups;
}

const broken = (text: string) =>
  new UserError(
    "notation-broken",
    `"${text}" is not a fusion setup.`,
    "Write it as (root,inlined,…)-(root,…), for example (A,B)-(C).",
  );
