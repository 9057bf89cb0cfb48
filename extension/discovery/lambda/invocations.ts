/** Finds where the code of Lambda functions invokes Lambda functions by name, through the AWS SDK's clients. */
import type { CallKind, SourceRange } from "../../core/graph.ts";
import { handedOver, targetsOf } from "../attribute.ts";
import type { Program } from "../program.ts";
import type { CallSite } from "../summary.ts";
import { NeedsCaller, Texts, UNKNOWN, type Bindings, type Caller } from "./texts.ts";

export interface Invocation {
  range: SourceRange;
  kind: CallKind;
  /** Undefined when it is known only at run time. */
  name: string | undefined;
  /** The response is streamed: such a call never runs inline. */
  streamed: boolean;
}

/** Functions that pass a name on, one calling the next, and calls of them that are looked at. */
const DEEPEST = 8;
const MOST = 500;

const COMMANDS = new Map<string, { name: string; type: string | undefined; kind?: CallKind; streamed?: boolean }>([
  ["InvokeCommand", { name: "FunctionName", type: "InvocationType" }],
  ["InvokeAsyncCommand", { name: "FunctionName", type: undefined, kind: "async" }],
  ["InvokeWithResponseStreamCommand", { name: "FunctionName", type: "InvocationType", streamed: true }],
]);
const METHODS = new Map([
  ["invoke", COMMANDS.get("InvokeCommand")!],
  ["invokeAsync", COMMANDS.get("InvokeAsyncCommand")!],
  ["invokeWithResponseStream", COMMANDS.get("InvokeWithResponseStreamCommand")!],
]);

/** Where a task's code begins: functions, or the top level of a file for handlers that are made by calls. */
export type Start = { file: number; index: number };

export function invocationsFrom(
  program: Program,
  texts: Texts,
  starts: readonly Start[],
  environment: Readonly<Record<string, string>>,
): Invocation[] {
  const { sites, callers } = reach(program, starts);
  const found = new Map<string, Invocation>();
  let looked = 0;
  for (const { file, site } of sites) {
    const command = commandOf(program, file, site);
    const input = site.args[0];
    if (!command) continue;
    const resolve = (bindings: Bindings, chain: readonly Caller[]): void => {
      if (++looked > MOST) return;
      try {
        const names = input === undefined ? new Set([UNKNOWN]) : texts.of(file, input, [command.name], bindings, environment);
        const types = command.type && input ? texts.of(file, input, [command.type], bindings, environment) : new Set<never>();
        const range = chain.at(-1)?.site.range ?? site.range;
        const kinds: (CallKind | undefined)[] = command.kind
          ? [command.kind]
          : types.size === 0
            ? ["sync"]
            : [...types].map(kindOf);
        for (const kind of kinds) {
          if (kind === undefined) continue;
          for (const name of names.size === 0 ? [UNKNOWN] : names) {
            const one: Invocation = {
              range,
              kind,
              name: typeof name === "string" ? name : undefined,
              streamed: command.streamed === true,
            };
            found.set(`${range.file} ${range.line} ${range.column} ${kind} ${String(name)}`, one);
          }
        }
      } catch (needs) {
        if (!(needs instanceof NeedsCaller)) throw needs;
        const key = `${needs.file} ${needs.index}`;
        const calls = chain.length >= DEEPEST ? [] : (callers.get(key) ?? []);
        if (calls.length === 0) resolve(new Map(bindings).set(key, null), chain);
        for (const caller of calls) resolve(new Map(bindings).set(key, caller), [...chain, caller]);
      }
    };
    resolve(new Map(), []);
  }
  return [...found.values()];
}

/** Undefined for a dry run, which invokes nothing. A type that is not known is taken for the default. */
function kindOf(type: string | typeof UNKNOWN): CallKind | undefined {
  return type === "Event" ? "async" : type === "DryRun" ? undefined : "sync";
}

function commandOf(program: Program, file: number, site: CallSite) {
  if (site.callee === 0) return undefined;
  for (const id of program.solver.of(program.bases[file]! + site.callee)) {
    const value = program.solver.values[id]!;
    if (value.kind === "sdk" && site.construct) return COMMANDS.get(value.name);
    if (value.kind === "sdkMethod") return METHODS.get(value.name);
  }
  return undefined;
}

/** Call sites of all code that is reached, and who calls which function there or at a module's top level. */
function reach(program: Program, starts: readonly Start[]): { sites: Caller[]; callers: Map<string, Caller[]> } {
  const sites: Caller[] = [];
  const callers = new Map<string, Caller[]>();
  const seen = new Set<string>();
  const work: Start[] = [...starts];
  const look = (file: number, index: number, follow: boolean): void => {
    for (const site of program.sitesOf(file, index)) {
      const base = program.bases[file]!;
      const direct = site.callee === 0 ? [] : targetsOf(program, base + site.callee).functions;
      for (const callee of direct) {
        const key = `${callee.file} ${callee.index}`;
        const known = callers.get(key);
        if (known) known.push({ file, site });
        else callers.set(key, [{ file, site }]);
      }
      if (!follow) continue;
      sites.push({ file, site });
      // What is handed to something unknown may be called by it.
      const given =
        direct.length > 0 ? [] : site.args.flatMap((arg) => (arg === 0 ? [] : handedOver(program, base + arg).functions));
      work.push(...direct, ...given);
    }
  };
  for (let f = work.pop(); f; f = work.pop()) {
    const key = `${f.file} ${f.index}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const index of program.innerFunctions(f.file, f.index)) work.push({ file: f.file, index });
    look(f.file, f.index, true);
  }
  program.files.forEach((_file, i) => {
    if (!seen.has(`${i} 0`)) look(i, 0, false);
  });
  return { sites, callers };
}
