import type { Instance } from "./instance.ts";
import type { Revision } from "./revision.ts";

/** How many instances of a revision are kept initialised. */
export interface Wanted {
  revision: Revision;
  count: number;
}

/** What has become of it. */
export interface Provided {
  /** Instances that exist, in their INIT or past it. */
  allocated: number;
  /** Instances that have passed INIT. */
  available: number;
  /** INIT failed; no more are tried until the configuration changes. */
  failed: boolean;
}

export const keyOf = ({ functionName, version }: Revision): string => `${functionName}:${version}`;

/** Which instances stay whatever happens to the others, and which are missing. The pool starts and ends them. */
export class Provisioned {
  private readonly wanted = new Map<string, Wanted>();
  private readonly failed = new Set<string>();

  set(all: readonly Wanted[]): void {
    this.wanted.clear();
    this.failed.clear();
    for (const one of all) {
      const key = keyOf(one.revision);
      const count = one.count + (this.wanted.get(key)?.count ?? 0);
      this.wanted.set(key, { revision: one.revision, count });
    }
  }

  count(key: string): number {
    return this.wanted.get(key)?.count ?? 0;
  }

  /** Revisions that have fewer instances than they are to have. */
  missing(sizeOf: (key: string) => number): Revision[] {
    return [...this.wanted].flatMap(([key, { revision, count }]) =>
      this.failed.has(key) || sizeOf(key) >= count ? [] : [revision],
    );
  }

  fail(revision: Revision): void {
    this.failed.add(keyOf(revision));
  }

  provided(key: string, instances: Iterable<Instance>): Provided {
    const all = [...instances].filter(({ state }) => state !== "gone");
    return {
      allocated: all.length,
      available: all.filter(({ state }) => state !== "starting").length,
      failed: this.failed.has(key),
    };
  }
}
