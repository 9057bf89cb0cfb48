/** What became of one test. */
export interface Outcome {
  title: string;
  state: "passed" | "failed" | "skipped";
  ms?: number;
  /** Why it failed or was skipped. */
  error?: string;
}
