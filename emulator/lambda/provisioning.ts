import type { Pool } from "../execution/pool.ts";
import { keyOf, type Provided, type Wanted } from "../execution/provisioned.ts";
import type { Revision } from "../execution/revision.ts";
import type { FunctionRecord } from "./model.ts";
import type { Registry } from "./registry.ts";

/** Provisioned concurrency: from what was configured for versions and aliases to instances that stand ready. */
export class Provisioning {
  private readonly registry: Registry;
  private readonly pool: Pool;

  constructor(registry: Registry, pool: Pool) {
    this.registry = registry;
    this.pool = pool;
  }

  /** Called after every change of configurations, aliases and versions, and at the start. */
  reconcile(): void {
    const wanted: Wanted[] = [];
    for (const record of this.registry.list()) {
      for (const [qualifier, { requested }] of Object.entries(record.provisioned)) {
        const revision = this.revisionOf(record, qualifier);
        if (revision !== undefined) wanted.push({ revision, count: requested });
      }
    }
    this.pool.provision(wanted);
  }

  provided(record: FunctionRecord, qualifier: string): Provided {
    const revision = this.revisionOf(record, qualifier);
    return revision === undefined ? { allocated: 0, available: 0, failed: false } : this.pool.provided(keyOf(revision));
  }

  /** Of an alias with weights, its main version: AWS splits the configuration, which nothing here depends on. */
  private revisionOf(record: FunctionRecord, qualifier: string): Revision | undefined {
    const wanted = record.aliases[qualifier]?.version ?? qualifier;
    const version = record.versions.find((candidate) => candidate.version === wanted);
    return version && this.registry.revision(record, version);
  }
}
