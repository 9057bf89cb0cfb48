/** What a bench module exports as `bench`, and what the harness makes of it. */
export interface Bench {
  readonly name: string;
  /** One or two sentences for the report: what is done, by whom, how often. */
  readonly description: string;
  /** The columns of the table. */
  readonly metrics: readonly Metric[];
  /** Who is measured, in the same run and taking turns. The first is what the others are compared with. */
  readonly peers: readonly Peer[];
  /** Rounds measured, after one that is not. */
  readonly rounds: number;
  readonly goals?: readonly Goal[];
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
}

/** Made anew for each run: `scale` multiplies how much is done, so that a bench can be tried quickly. */
export interface Surroundings {
  readonly scale: number;
  /** A folder of the peer's own, removed after the run. */
  readonly folder: string;
}

export interface Peer {
  readonly name: string;
  /** Prepares what `run` measures; a reason in place of that leaves the peer out of the run. */
  setup?(surroundings: Surroundings): Promise<void | Absent>;
  /** One round: a value for each metric the peer has. */
  run(surroundings: Surroundings, round: number): Promise<Readonly<Record<string, number>>>;
  teardown?(): Promise<void>;
}

/** Why a peer cannot take part on this machine. */
export interface Absent {
  readonly absent: string;
}

/** A bound on a metric's median, or on its median ratio to that of another peer in the same round. */
export interface Goal {
  readonly peer: string;
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** The peer whose value it is divided by first. */
  readonly of?: string;
}

export const defineBench = (bench: Bench): Bench => bench;
