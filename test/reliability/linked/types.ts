import type { Outcome } from "../outcome.ts";

/** A test of another layer. */
export interface TestName {
  /** From the repository's root. */
  file: string;
  /** As it stands in the file. */
  title: string;
}

/** A row that such tests prove. */
export interface Linked {
  kind: Outcome["kind"];
  fault: string;
  holds: string;
  tests: TestName[];
}
