import type { Message } from "esbuild";
import { UserError } from "../../core/errors.ts";
import type { Diagnostic } from "../../core/graph.ts";

/** Source that cannot be bundled. The message names the first place; `diagnostics` has all of them. */
export class BundleError extends UserError {
  readonly diagnostics: Diagnostic[];
  constructor(diagnostics: Diagnostic[]) {
    const [first] = diagnostics;
    const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
    super("bundle-failed", first ? `${first.file}:${first.line}:${first.column} ${first.message}${more}` : "The bundler failed.");
    this.diagnostics = diagnostics;
  }
}

/** Places as everywhere else: lines and columns from 1, files relative to the app's folder; each finding once. */
export function diagnosticsOf(messages: readonly Message[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { text, location, notes } of messages) {
    const line = location?.line ?? 1;
    const column = (location?.column ?? 0) + 1;
    const place = location?.file ?? notes.find((note) => note.location)?.location?.file ?? "fusionize.json";
    // Modules stand in a build under their name and a mark of ours.
    const file = place.replace(/\?.*$/, "");
    const diagnostic: Diagnostic = {
      severity: "error",
      code: codeOf(text),
      message: sentence(text),
      file,
      line,
      column,
      endLine: line,
      endColumn: column + (location?.length ?? 0),
    };
    found.set(`${file}:${line}:${column} ${text}`, diagnostic);
  }
  return [...found.values()];
}

const UNRESOLVED = /^Could not resolve "(.+)"$/;

function codeOf(text: string): string {
  if (UNRESOLVED.test(text)) return "unresolved-import";
  return /native module/.test(text) ? "native-module" : "syntax";
}

function sentence(text: string): string {
  const unresolved = UNRESOLVED.exec(text)?.[1];
  if (unresolved === undefined) return text.endsWith(".") ? text : `${text}.`;
  const relative = unresolved.startsWith(".") || unresolved.startsWith("/");
  const next = relative ? "Correct the path." : "Install the package in the app's folder, or correct the name.";
  return `The import "${unresolved}" cannot be found. ${next}`;
}
