/** Which functions cannot become one, because what the template says of them cannot be true of one process. */
import type { DeclaredFunction } from "./declared.ts";

export interface Apart {
  tasks: [string, string];
  /** `TABLE_NAME differs`, in words. */
  reason: string;
}

/**
 * @param overridden variables that `fusionize.json` sets for all functions alike.
 * @param invokeThemselves functions that invoke themselves by a name that is the running function's.
 */
export function keptApart(
  functions: readonly DeclaredFunction[],
  overridden: ReadonlySet<string> = new Set(),
  invokeThemselves: ReadonlySet<string> = new Set(),
): Apart[] {
  const found: Apart[] = [];
  functions.forEach((a, i) => {
    for (const b of functions.slice(i + 1)) {
      const itself = [a, b].find(({ name }) => invokeThemselves.has(name));
      const reason = itself ? `${itself.name} invokes itself by its function's name` : difference(a, b, overridden);
      if (reason !== undefined) found.push({ tasks: [a.name, b.name], reason });
    }
  });
  return found;
}

function difference(a: DeclaredFunction, b: DeclaredFunction, overridden: ReadonlySet<string>): string | undefined {
  const limited = [a, b].find(({ process }) => process["ReservedConcurrentExecutions"] !== undefined);
  if (limited) return `${limited.name} has a concurrency of its own`;
  for (const key of new Set([...Object.keys(a.process), ...Object.keys(b.process)])) {
    if (a.process[key] !== b.process[key]) return `${key} differs`;
  }
  const variables = Object.keys(a.environment).filter(
    (key) => key in b.environment && a.environment[key] !== b.environment[key] && !overridden.has(key),
  );
  return variables.length === 0 ? undefined : `the environment variable ${variables.join(", ")} differs`;
}
