/** The call graph of an existing Lambda application: its functions are the tasks, invocations by name the calls. */
import { byName } from "../../core/fusion-groups.ts";
import type { Call, CallGraph, Diagnostic, SourceRange, Task } from "../../core/graph.ts";
import { positionsOf } from "../../core/positions.ts";
import { targetsOf } from "../attribute.ts";
import { findEntries } from "../entries.ts";
import { solve, type Program } from "../program.ts";
import type { DiscoveryOptions } from "../resolve-import.ts";
import type { Summary } from "../summary.ts";
import { keptApart } from "../template/apart.ts";
import { functionToken, type Declared, type DeclaredFunction } from "../template/declared.ts";
import { handlerModule, splitHandler } from "../template/handler-module.ts";
import { invocationsFrom, type Start } from "./invocations.ts";
import { Texts } from "./texts.ts";

export interface LambdaApp {
  declared: Declared;
  /** Whether the app has this source file. */
  has: (file: string) => boolean;
  options?: DiscoveryOptions;
  /** Variables that are set for all functions alike, whatever the template says. */
  environment?: Readonly<Record<string, string>>;
}

/** The runtime's variable for the name of the function that runs: with a task inside another function it is the other's. */
const OWN_NAME = "AWS_LAMBDA_FUNCTION_NAME";

/** A handler that streams its response: the fusion handler answers whole, so such a function stays as it is. */
const STREAMING = /\bawslambda\s*\.\s*streamifyResponse\s*\(/;

export function lambdaGraph(app: LambdaApp, sources: readonly { summary: Summary; text: string }[]): CallGraph {
  const files = sources.map(({ summary }) => summary).sort((a, b) => byName(a.file, b.file));
  const textOf = new Map(sources.map(({ summary, text }) => [summary.file, text]));
  const program = solve(files, app.options ?? {});
  const fileIndex = new Map(files.map(({ file }, i) => [file, i]));
  const diagnostics: Diagnostic[] = [...app.declared.diagnostics, ...files.flatMap((file) => file.diagnostics)];
  const found: { declared: DeclaredFunction; module: string; file: number; starts: Start[]; task: Task }[] = [];

  for (const declared of app.declared.functions) {
    const { path } = splitHandler(declared.handler);
    const module = handlerModule(declared, app.has);
    const file = module === undefined ? undefined : fileIndex.get(module);
    if (module === undefined || file === undefined) {
      const message = `The handler ${declared.handler} of ${declared.name} was not found in ${declared.codeUri || "the app's folder"}: correct Handler or CodeUri, or install and build the sources first.`;
      diagnostics.push({ ...declared.handlerRange, severity: "error", code: "handler-not-found", message });
      continue;
    }
    const text = textOf.get(module) ?? "";
    if (STREAMING.test(text)) {
      const message = `${declared.name} streams its response: it is not part of the app, and calls of it go to AWS.`;
      diagnostics.push({ ...declared.range, severity: "information", code: "function-outside", message });
      continue;
    }
    const { exports } = files[file]!;
    const first = path.split(".")[0]!;
    if (!exports.open && !exports.commonJs && exports.stars.length === 0 && exports.names.size > 0 && !exports.names.has(first)) {
      const message = `${module} exports no “${first}”, which is the handler of ${declared.name}.`;
      diagnostics.push({ ...declared.handlerRange, severity: "error", code: "handler-not-found", message });
      continue;
    }
    const { environment, timeout, memory, runtime, names, events, remoteOnly } = declared;
    const task: Task = {
      ...placeOf(module, text, first),
      name: declared.name,
      entry: events.length > 0,
      lambda: {
        module,
        handler: path,
        environment,
        timeout,
        memory,
        runtime,
        names,
        events,
        ...(remoteOnly === undefined ? {} : { remoteOnly }),
        declared: declared.range,
      },
    };
    found.push({ declared, module, file, starts: startsOf(program, file, path), task });
  }

  const byTask = new Map(found.map(({ task }) => [task.name, task]));
  const targetOf = targets(found.map(({ declared }) => declared));
  const calls = new Map<string, Call>();
  const texts = new Texts(program);
  let dynamic = false;
  const invokeThemselves = new Set<string>();
  for (const { declared, starts } of found) {
    const environment = { ...declared.environment, ...app.environment, [OWN_NAME]: functionToken(declared.name) };
    for (const { range, kind, name, streamed } of invocationsFrom(program, texts, starts, environment)) {
      const target = name === undefined ? undefined : targetOf(name);
      const finding = (code: string, message: string): void => {
        diagnostics.push({ ...range, severity: "information", code, message });
      };
      if (target !== undefined && streamed) {
        byTask.get(target)!.escapes = true;
        finding("call-streamed", `The answer of ${target} is streamed: this call always leaves the function.`);
      } else if (target !== undefined) {
        if (target === declared.name) invokeThemselves.add(target);
        const { file, line, column, endLine, endColumn } = range;
        const call: Call = { file, line, column, endLine, endColumn, from: declared.name, to: target, kind };
        calls.set(`${call.from} ${target} ${kind} ${file} ${line} ${column}`, call);
      } else if (name === undefined) {
        dynamic = true;
        finding(
          "call-target-unknown",
          `Which function ${declared.name} invokes here is known only at run time: it is learnt from traces.`,
        );
      } else finding("call-outside", `${name} is not a function of this app: this call goes to AWS.`);
    }
  }
  const list = [...calls.values()];
  const { entries } = findEntries([...byTask.keys()], list);
  for (const task of byTask.values()) {
    if (entries.has(task.name)) task.entry = true;
    // Any function may be the one that is invoked by a name known only at run time.
    if (dynamic) task.escapes = true;
  }
  const apart = keptApart(
    found.map(({ declared }) => declared),
    new Set(Object.keys(app.environment ?? {})),
    invokeThemselves,
  );
  diagnostics.push(...apartFindings(apart, list, byTask));
  const order = new Map([...byTask.keys()].map((name, i) => [name, i]));
  list.sort((a, b) => order.get(a.from)! - order.get(b.from)! || byPlace(a, b) || byName(a.to, b.to));
  return {
    tasks: [...byTask.values()],
    calls: list,
    diagnostics: distinct(diagnostics).sort(byPlace),
    ...(apart.length > 0 ? { apart } : {}),
  };
}

/** Says of each call that can never run inline why. */
function apartFindings(
  apart: readonly { tasks: [string, string]; reason: string }[],
  calls: readonly Call[],
  tasks: ReadonlyMap<string, Task>,
) {
  const reasons = new Map(
    apart.flatMap(({ tasks: [a, b], reason }) => [
      [`${a} ${b}`, reason],
      [`${b} ${a}`, reason],
    ]),
  );
  const findings: Diagnostic[] = [];
  for (const { from, to, kind, ...range } of calls) {
    const reason = reasons.get(`${from} ${to}`);
    const why = reason ?? (kind === "async" ? tasks.get(to)?.lambda?.remoteOnly : undefined);
    if (why === undefined) continue;
    const message =
      reason === undefined
        ? `Asynchronous calls of ${to} never run inline: ${why}.`
        : `${from} and ${to} cannot share a function: ${why}.`;
    findings.push({ ...range, severity: "information", code: "kept-apart", message });
  }
  return findings;
}

/** Code begins in the functions that the handler may be; where those are not known (`middy(…)`), anywhere in its file. */
function startsOf(program: Program, file: number, path: string): Start[] {
  const { solver, namespaces } = program;
  let variables: number[] = [];
  let values: number[] = [namespaces[file]!];
  for (const step of path.split(".")) {
    variables = values.flatMap((value) => [...solver.fieldsOf(value)].filter(([key]) => key === step).map(([, field]) => field));
    values = variables.flatMap((variable) => [...solver.of(variable)]);
  }
  const functions = variables.flatMap((variable) => targetsOf(program, variable).functions);
  return functions.length > 0 ? functions : [{ file, index: 0 }];
}

/** The task that a name, an alias of it or an ARN means. */
export function targets(functions: readonly Pick<DeclaredFunction, "name" | "names">[]): (name: string) => string | undefined {
  const known = new Map<string, string>();
  for (const { name, names } of functions) {
    known.set(functionToken(name), name);
    for (const one of names) known.set(one.replaceAll("AWS::", ""), name);
  }
  return (name) => {
    const whole =
      /^(?:arn:[^:]*:lambda:[^:]*(?:::[^:]*)?:|[^:]*:)?(?:[^:]*:)?function:(.*)$/.exec(name.replaceAll("AWS::", ""))?.[1] ?? name;
    const found = known.get(whole.replaceAll("AWS::", ""));
    // A qualifier follows the name; the placeholder of a name has a colon of its own.
    return found ?? known.get(whole.replaceAll("AWS::", "").replace(/:(?!\w+\})[^:]*$/, ""));
  };
}

/** Where the handler is exported, as far as the text tells: the top of the file else. */
function placeOf(file: string, text: string, name: string): SourceRange {
  const plain = name.replace(/[$]/g, "\\$&");
  const patterns = [
    `export\\s+(?:default\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+(${plain})\\b`,
    `exports\\s*\\.\\s*(${plain})\\s*=`,
    `export\\s*\\{[^}]*\\b(${plain})\\b`,
    `module\\.exports\\s*=\\s*\\{[^}]*\\b(${plain})\\b`,
  ];
  for (const pattern of patterns) {
    const match = new RegExp(pattern, "d").exec(text);
    const range = match?.indices?.[1];
    if (range) return positionsOf(file, text).range(range[0], range[1]);
  }
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

const byPlace = (a: SourceRange, b: SourceRange) => byName(a.file, b.file) || a.line - b.line || a.column - b.column;

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((d) => [`${d.file} ${d.line} ${d.column} ${d.code} ${d.message}`, d])).values()];
}
