/** A place in a group's order: before the event with this time and sequence number. Stable across restarts and retention. */
export interface Place {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly sequence: number;
}
