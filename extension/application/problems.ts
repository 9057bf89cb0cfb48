/** Puts findings about a setup where they stand in `fusionize.json`. */
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Diagnostic, Severity } from "../core/graph.ts";

export interface SetupProblem {
  code: string;
  message: string;
  /** Path in `fusionize.json`. */
  path: (string | number)[];
  severity: Severity;
}

export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/** The deepest node of the path that exists stands for the finding. */
export function locateProblems(text: string, file: string, problems: SetupProblem[]): Diagnostic[] {
  const tree = parseTree(text);
  return problems.map(({ code, message, path, severity }) => {
    let node = tree;
    for (let depth = path.length; tree && depth > 0; depth -= 1) {
      const found = findNodeAtLocation(tree, path.slice(0, depth));
      if (found) {
        node = found;
        break;
      }
    }
    const from = position(text, node?.offset ?? 0);
    const to = position(text, (node?.offset ?? 0) + (node?.length ?? 0));
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, severity, code, message };
  });
}
