import type { Diagnostic, SourceRange } from "../../core/graph.ts";

/** A Lambda function that a template declares, before its handler was looked for. */
export interface DeclaredFunction {
  /** Logical id or key: the task's name. */
  name: string;
  range: SourceRange;
  /** `src/app.handler` */
  handler: string;
  /** Where the handler is written, for findings. */
  handlerRange: SourceRange;
  /** Folder of the code, relative to the app's folder, without `./`; "" = the app's folder. */
  codeUri: string;
  /** esbuild's entry points (SAM metadata), relative to `codeUri`. */
  entryPoints: string[];
  runtime: string;
  timeout: number;
  memory: number;
  environment: Record<string, string>;
  names: string[];
  events: string[];
  remoteOnly?: string;
  /** What belongs to the process and cannot differ between tasks of one function: name of the property -> its value, as text. */
  process: Record<string, string>;
}

/** Everything that a template declares, and everything in it that is not understood. */
export interface Declared {
  functions: DeclaredFunction[];
  diagnostics: Diagnostic[];
}

/** Lambda's defaults, and the runtime that a template without one gets. */
export const DEFAULTS = { timeout: 3, memory: 128, runtime: "nodejs24.x" } as const;

/** The name of a task's function, whatever it is in the deployment at hand. */
export const functionToken = (task: string): string => `\${fn:${task}}`;
export const functionArn = (task: string): string =>
  `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionToken(task)}`;

/** Path without `.`, `..` and slashes at its ends. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split(/[\\/]/)) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
