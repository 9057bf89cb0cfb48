/** Something that reads what others wrote. */
export interface FuzzTarget {
  /** Inputs from elsewhere in the repository, beside the corpus. */
  seeds?: () => Buffer[];
  /** Words that mean something to the reader. */
  tokens?: string[];
  /** Reads one input. @throws when it does what it must not. */
  check: (input: Buffer) => void | Promise<void>;
  /** What is to be undone at the end. */
  end?: () => void;
}

/** @throws when the reader says something of a place that is not in its text. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
