/** Lambda takes no new functions for Node.js below 20. */
export function supported(runtime: string): string {
  const version = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? Number.NaN);
  return version < 20 ? "nodejs20.x" : runtime;
}

export const oldRuntime = (name: string, written: string, taken: string): string =>
  `${name} is declared for ${written}, which Lambda no longer offers: ${taken} is taken.`;
