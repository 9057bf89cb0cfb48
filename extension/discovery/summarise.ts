import { calls } from "./calls.ts";
import { expressions } from "./expressions.ts";
import { functions } from "./functions.ts";
import { modules } from "./modules.ts";
import { parseSource, tooDeep } from "./parse.ts";
import { patterns } from "./patterns.ts";
import { statements } from "./statements.ts";
import type { Summary } from "./summary.ts";
import { Walk } from "./walk.ts";
import type { Visitors } from "./walk.ts";

const visitors: Visitors = { ...expressions, ...patterns, ...functions, ...calls, ...modules, ...statements };

/** Reads one file. Never throws: what cannot be read is a diagnostic, and what could be read stands. */
export function summarise(file: string, text: string, { followsTexts = false } = {}): Summary {
  const { program, fault: syntaxFault } = parseSource(file, text);
  const walk = new Walk(file, text, visitors, followsTexts);
  let fault = syntaxFault;
  if (program) {
    try {
      walk.visit(program);
    } catch (error) {
      // The stack is the only limit that a sound tree can hit. What the parser makes of a file with faults may be unsound,
      // and then the fault that it found says enough.
      if (!(error instanceof RangeError) && !fault) throw error;
      fault ??= tooDeep();
    }
  }
  for (const { specifier, name, range, used } of walk.pendingImports)
    walk.summary.imports.push({ specifier, name, range, used: used() });
  for (const { reads, sites } of walk.bindings) {
    if (reads === 0) for (const index of sites ?? []) walk.summary.sites[index]!.dropped = true;
  }
  if (fault) {
    const end = fault.offset + (fault.code === "source-syntax" ? 1 : 0);
    walk.summary.diagnostics.unshift({
      ...walk.range({ start: fault.offset, end }),
      severity: fault.code === "source-syntax" ? "error" : "warning",
      code: fault.code,
      message: fault.message,
    });
  }
  return walk.summary;
}
