/** Narrow ports that long work takes, so that editor, terminal and tests can each bring their own. */

/** Reports what is going on: one short present-tense sentence, and how far along (0 to 1) where known. */
export type Progress = (message: string, fraction?: number) => void;

/** Long work takes these. Cancelling leaves a state that the next run continues from; it rejects with the signal's reason. */
export interface LongWork {
  signal?: AbortSignal;
  progress?: Progress;
}
