/** Which task of the app a function's name means. */
import type { Invocation } from "../invocation.ts";
import { knownTasks, register } from "../registry.ts";

/** Names of their own that the template gives to functions. */
const named = new Map<string, string>();

/** Makes all functions of the app known: task -> further names; `${AWS::StackName}` in them is the app's name and stage. */
export function knownFunctions(functions: Readonly<Record<string, readonly string[]>>): void {
  for (const [task, names] of Object.entries(functions)) {
    register(task, undefined);
    for (const name of names) named.set(name, task);
  }
}

const NAME = /^(?:(?:arn:[\w-]+:lambda:([\w-]+):\d{12}|\d{12}):function:|function:)?([\w-]+)(?::[\w$-]+)?$/;

/** Undefined for functions outside the app. */
export function taskNamed(name: unknown, invocation: Invocation): string | undefined {
  const match = typeof name === "string" ? NAME.exec(name) : null;
  const plain = match?.[2];
  if (plain === undefined || (match?.[1] !== undefined && match[1] !== process.env["AWS_REGION"])) return undefined;
  const { host, context } = invocation;
  const stack = context.functionName.endsWith(`-${host.root}`) ? context.functionName.slice(0, -host.root.length - 1) : "";
  for (const [given, task] of named) if (given.replaceAll("${AWS::StackName}", stack) === plain) return task;
  return knownTasks().find((task) => host.identityOf(task, invocation).functionName === plain);
}
