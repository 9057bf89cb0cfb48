import { availableParallelism } from "node:os";
import { Instance } from "./instance.ts";
import type { InstanceHost } from "./instance.ts";
import { keyOf, Provisioned, type Provided, type Wanted } from "./provisioned.ts";
import type { Revision } from "./revision.ts";

/** An INIT that mostly waits for others does not keep its turn for longer. */
const turnMs = 1_000;

interface Waiter {
  revision: Revision;
  resolve(instance: Instance): void;
  reject(error: unknown): void;
}

/** All instances of all functions: reuse, scale-out, expiry, and the limit of this machine. */
export class Pool {
  private readonly host: InstanceHost;
  /** By `name:version`; the idle ones lie on a stack, so the least used expire first. */
  private readonly members = new Map<string, { all: Set<Instance>; idle: Instance[] }>();
  private readonly waiters: Waiter[] = [];
  private readonly provisioned = new Provisioned();
  private closed = false;
  private count = 0;
  /** Instances in their INIT, and how many may be. */
  private starting = 0;
  private readonly startsAtOnce: number;
  private readonly sweep: NodeJS.Timeout;
  private readonly current: (revision: Revision) => boolean;

  /** `current` tells whether a revision is still what its version runs. */
  constructor(host: InstanceHost, current: (revision: Revision) => boolean) {
    this.host = host;
    this.current = current;
    this.startsAtOnce = availableParallelism() * (host.options.fidelity === "aws" ? 1 : 4);
    this.sweep = setInterval(() => this.expire(), Math.max(20, Math.min(1_000, host.options.keepAliveMs / 4))).unref();
  }

  /** An idle instance of the revision, if there is one; it is the caller's until released. */
  idle(revision: Revision): Instance | undefined {
    const { idle } = this.group(revision);
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.state === "idle" && instance.revision === revision) {
        instance.state = "busy";
        return instance;
      }
      this.drop(instance);
    }
    return undefined;
  }

  /**
   * A new instance (`requests` is 0). On AWS every INIT has processors of its own; here they take turns, so that their durations tell of the function and not
   * of the crowd. A request whose turn has not come takes an instance that becomes free meanwhile: a machine that cannot keep up must not drown in cold starts.
   */
  start(revision: Revision): Promise<Instance> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ revision, resolve, reject });
      this.serveWaiters();
    });
  }

  /** Takes an instance back after its request. */
  release(instance: Instance): void {
    if (instance.state === "gone" || !this.current(instance.revision)) this.drop(instance);
    else {
      instance.rest();
      this.group(instance.revision).idle.push(instance);
    }
    this.serveWaiters();
  }

  /** Retires the idle instances of some functions, or of all. */
  retireIdle(functions?: ReadonlySet<string>): void {
    this.dropIdle((instance) => functions === undefined || functions.has(instance.revision.functionName));
  }

  /** Retires idle instances whose version has moved on; busy ones follow when their request ends. */
  dropOutdated(): void {
    this.dropIdle((instance) => !this.current(instance.revision));
  }

  /** Keeps that many instances of each revision initialised, started now and again whenever one is lost; those of no other. */
  provision(wanted: readonly Wanted[]): void {
    this.provisioned.set(wanted);
    this.serveWaiters();
  }

  provided(key: string): Provided {
    return this.provisioned.provided(key, this.members.get(key)?.all ?? []);
  }

  list(): Instance[] {
    return [...this.members.values()].flatMap(({ all }) => [...all]);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweep);
    await Promise.all(this.list().map((instance) => instance.retire()));
  }

  private group(revision: Revision): { all: Set<Instance>; idle: Instance[] } {
    const key = keyOf(revision);
    let group = this.members.get(key);
    if (group === undefined) this.members.set(key, (group = { all: new Set(), idle: [] }));
    return group;
  }

  private create(revision: Revision): Instance {
    const instance = new Instance(this.host, revision);
    this.group(revision).all.add(instance);
    this.count++;
    this.starting++;
    const over = (): void => {
      clearTimeout(turn);
      if (instance.onInitialised === undefined) return;
      instance.onInitialised = undefined;
      this.starting--;
      this.serveWaiters();
    };
    const turn = setTimeout(over, turnMs);
    instance.onInitialised = over;
    return instance;
  }

  private drop(instance: Instance): void {
    const group = this.group(instance.revision);
    if (!group.all.delete(instance)) return;
    const at = group.idle.indexOf(instance);
    if (at >= 0) group.idle.splice(at, 1);
    this.count--;
    instance.onInitialised?.();
    void instance.retire();
  }

  private dropIdle(which: (instance: Instance) => boolean): void {
    for (const { idle } of this.members.values()) for (const instance of idle.filter(which)) this.drop(instance);
    this.serveWaiters();
  }

  /** Makes room by ending the instance that has been idle longest. */
  private evict(): boolean {
    let oldest: Instance | undefined;
    for (const [key, { all, idle }] of this.members) {
      const first = idle[0];
      if (all.size <= this.provisioned.count(key)) continue;
      if (first !== undefined && (oldest === undefined || first.idleSince < oldest.idleSince)) oldest = first;
    }
    if (oldest === undefined) return false;
    this.drop(oldest);
    return true;
  }

  private serveWaiters(): void {
    for (let index = 0; index < this.waiters.length;) {
      const waiter = this.waiters[index] as Waiter;
      let instance = this.idle(waiter.revision);
      try {
        if (instance === undefined && this.canStart()) instance = this.create(waiter.revision);
      } catch (error) {
        // No room for its folder, say: the matter of this request alone.
        this.waiters.splice(index, 1);
        waiter.reject(error);
        continue;
      }
      if (instance === undefined) index++;
      else {
        this.waiters.splice(index, 1);
        waiter.resolve(instance);
      }
    }
    this.fill();
  }

  /** Starts provisioned instances that are missing, after all requests that wait. */
  private fill(): void {
    if (this.closed) return;
    for (const revision of this.provisioned.missing((key) => this.members.get(key)?.all.size ?? 0)) {
      if (!this.current(revision) || !this.canStart()) continue;
      let instance: Instance;
      try {
        instance = this.create(revision);
      } catch {
        this.provisioned.fail(revision);
        continue;
      }
      void instance.provision().then((initialised) => {
        if (initialised) return this.release(instance);
        this.provisioned.fail(revision);
        this.drop(instance);
      });
    }
  }

  private canStart(): boolean {
    return this.starting < this.startsAtOnce && (this.count < this.host.options.maxInstances || this.evict());
  }

  private expire(): void {
    const limit = performance.now() - this.host.options.keepAliveMs;
    for (const [key, { all, idle }] of this.members) {
      const spare = Math.max(0, all.size - this.provisioned.count(key));
      for (const instance of idle.filter(({ idleSince }) => idleSince < limit).slice(0, spare)) this.drop(instance);
    }
  }
}
