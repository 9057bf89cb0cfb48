/** CPU share of one process and its children. */
export interface CpuSlot {
  /** Limits to the share that `memoryMb` buys; undefined lifts the limit (INIT is not throttled). */
  limit(memoryMb: number | undefined): void;
  /** Tells whether the process is stopped because it is idle; only for a share that itself stops and continues. */
  frozen?(yes: boolean): void;
  /** The process is gone. */
  release(): void;
}

/** A way to keep CPU shares. */
export interface CpuShare {
  /** For the log and the state page. */
  readonly kind: "cgroup-v1" | "cgroup-v2" | "steer" | "none";
  slot(pid: number): CpuSlot | undefined;
  close(): Promise<void>;
}

export const noCpuShare: CpuShare = { kind: "none", slot: () => undefined, close: () => Promise.resolve() };
