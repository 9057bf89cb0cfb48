/** One call of a plan. */
export interface Step {
  id: string;
  to: "left" | "right";
  kind: "sync" | "async";
  /** What happens in the callee; `over` happens to the caller's request, `throttled` and `refused` in the service. */
  fault: "none" | "throw" | "text" | "late" | "too much" | "cyclic" | "over" | "throttled" | "refused" | "exit" | "memory";
  /** What a late callee takes. */
  ms: number;
  /** Whether it goes wrong before or after the callee's own calls. */
  when: "before" | "after";
  calls: Step[];
  padding?: string;
}
