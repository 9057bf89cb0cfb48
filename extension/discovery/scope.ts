import type { Variable } from "./summary.ts";

/** A name in a scope. */
export interface Binding {
  variable: Variable;
  /** The library's `task` function, or the library's namespace: recognised within the file, as the bundler must. */
  library?: "task" | "namespace";
  /** The string that a constant is known to be. */
  text?: string;
  /** How often it is read. */
  reads: number;
  /** Indexes of the call sites whose result is all that it holds. */
  sites?: number[];
}

/** Names visible at a place: a block's own, else those of the block around it. */
export class Scope {
  private readonly names = new Map<string, Binding>();
  private readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  /** Declares a name; declaring it again in the same scope (`var`, overloads) gives the same binding. */
  declare(name: string, newVariable: () => Variable): Binding {
    let binding = this.names.get(name);
    if (!binding) this.names.set(name, (binding = { variable: newVariable(), reads: 0 }));
    return binding;
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.outer?.find(name);
  }
}
