import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Revision } from "../execution/revision.ts";
import type { CodeStore } from "./code-store.ts";
import { conflict, notFound } from "./errors.ts";
import { dictionary, functionArn } from "./model.ts";
import type { FunctionRecord, Place, Version } from "./model.ts";

/** ms until a state that the disk refused is written again. */
const againMs = 500;

/** All functions, in memory and on disk: one file each, replaced as a whole, so a crash leaves the old or the new state. */
export class Registry {
  readonly place: Place;
  readonly code: CodeStore;
  private readonly directory: string;
  private readonly functions = new Map<string, FunctionRecord>();
  /** What was last decided about each function, as text: where a change that cannot be kept goes back to. */
  private readonly kept = new Map<string, string>();
  private readonly revisions = new WeakMap<Version, Revision>();

  constructor(directory: string, place: Place, code: CodeStore) {
    this.directory = directory;
    this.place = place;
    this.code = code;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)) {
      if (!file.endsWith(".json")) continue;
      try {
        const record = revive(readFileSync(join(directory, file), "utf8"));
        settle(record);
        this.functions.set(record.name, record);
        this.kept.set(record.name, JSON.stringify(record));
      } catch (error) {
        process.stderr.write(
          `fusionize emulator: ${join(directory, file)} cannot be read and is left out: ${(error as Error).message}\n`,
        );
      }
    }
  }

  has(name: string): boolean {
    return this.functions.has(name);
  }

  find(name: string): FunctionRecord | undefined {
    return this.functions.get(name);
  }

  /** Throws ResourceNotFoundException, naming the ARN with the qualifier given. */
  get(name: string, qualifier?: string): FunctionRecord {
    const record = this.functions.get(name);
    if (record === undefined) throw notFound(`Function not found: ${functionArn(this.place, name, qualifier)}`);
    return record;
  }

  list(): FunctionRecord[] {
    return [...this.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws the system's error when the disk refuses the change; the record is then as it was before. */
  save(record: FunctionRecord): void {
    const text = JSON.stringify(record, null, 1);
    try {
      this.write(record.name, text);
    } catch (error) {
      const before = this.kept.get(record.name);
      if (before !== undefined) replace(record, revive(before));
      throw error;
    }
    this.kept.set(record.name, text);
    this.functions.set(record.name, record);
  }

  /** For a change that time has brought, not a request: it stands, and is written when the disk takes it. */
  saveInTime(record: FunctionRecord): void {
    const text = JSON.stringify(record, null, 1);
    this.kept.set(record.name, text);
    try {
      this.write(record.name, text);
    } catch (error) {
      process.stderr.write(`fusionize emulator: the state of ${record.name} is not on disk: ${(error as Error).message}\n`);
      setTimeout(() => this.functions.get(record.name) === record && this.saveInTime(record), againMs).unref();
    }
  }

  private write(name: string, text: string): void {
    const path = this.path(name);
    try {
      writeFileSync(`${path}.new`, text);
    } catch (error) {
      rmSync(`${path}.new`, { force: true });
      throw error;
    }
    renameSync(`${path}.new`, path);
  }

  remove(record: FunctionRecord): void {
    rmSync(this.path(record.name), { force: true });
    this.functions.delete(record.name);
    this.kept.delete(record.name);
  }

  /** The version a qualifier means now, an alias' weights decided by chance. Throws ResourceNotFoundException. */
  resolve(record: FunctionRecord, qualifier: string | undefined): Version {
    if (qualifier === undefined || qualifier === "$LATEST") return record.latest;
    const alias = record.aliases[qualifier];
    let wanted = qualifier;
    if (alias !== undefined)
      wanted =
        alias.additional !== undefined && Math.random() < alias.additional.weight ? alias.additional.version : alias.version;
    if (wanted === "$LATEST") return record.latest;
    const version = record.versions.find((candidate) => candidate.version === wanted);
    if (version === undefined) throw notFound(`Function not found: ${functionArn(this.place, record.name, qualifier)}`);
    return version;
  }

  /** What a version's instances run: of `$LATEST` during an update, still the old state. */
  revision(record: FunctionRecord, version: Version): Revision {
    const running = version === record.latest ? (record.running ?? version) : version;
    let revision = this.revisions.get(running);
    if (revision === undefined) {
      revision = {
        functionName: record.name,
        version: running.version,
        arn: functionArn(this.place, record.name),
        settings: running.settings,
        root: this.code.root(running.code.folder),
        codeId: running.code.folder,
      };
      this.revisions.set(running, revision);
    }
    return revision;
  }

  isCurrent(revision: Revision): boolean {
    const record = this.functions.get(revision.functionName);
    if (record === undefined) return false;
    const version =
      revision.version === "$LATEST"
        ? record.latest
        : record.versions.find((candidate) => candidate.version === revision.version);
    return version !== undefined && this.revision(record, version) === revision;
  }

  usedCode(): Set<string> {
    const used = new Set<string>();
    for (const record of this.functions.values())
      for (const version of [record.latest, ...record.versions]) used.add(version.code.folder);
    return used;
  }

  /** Refuses a change while another one is under way. */
  requireSettled(record: FunctionRecord): void {
    if (record.latest.state === "Pending" || record.latest.update === "InProgress") {
      throw conflict(
        `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(this.place, record.name)}`,
      );
    }
  }

  private path(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}

function revive(text: string): FunctionRecord {
  const record = JSON.parse(text) as FunctionRecord;
  record.aliases = dictionary(record.aliases);
  record.eventInvoke = dictionary(record.eventInvoke);
  record.policies = dictionary(record.policies);
  record.urls = dictionary(record.urls);
  record.provisioned = dictionary(record.provisioned);
  return record;
}

/** The record keeps its identity: requests under way hold it. */
function replace(record: FunctionRecord, by: FunctionRecord): void {
  for (const key of Object.keys(record) as (keyof FunctionRecord)[]) if (!(key in by)) delete record[key];
  Object.assign(record, by);
}

/** Ends whatever change was under way: the state becomes Active, or the update Successful, and the revision id moves. */
export function settle(record: FunctionRecord): void {
  const { latest } = record;
  if (latest.state !== "Pending" && latest.update !== "InProgress") return;
  latest.state = "Active";
  latest.update = "Successful";
  latest.revisionId = randomUUID();
  delete record.running;
  for (const version of record.versions) {
    if (version.state !== "Pending") continue;
    version.state = "Active";
    version.update = "Successful";
  }
}

/** Now, as AWS writes times of functions. */
export const lambdaTime = (): string => new Date().toISOString().replace("Z", "+0000");
