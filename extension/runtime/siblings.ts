/** The names of the app's other functions, as seen from inside one of them. See ARCHITECTURE, contracts. */
import type { LambdaContext } from "./context.ts";
import type { FunctionIdentity } from "./host.ts";
import { plainError } from "./errors.ts";

export interface Siblings {
  /** Function that runs the task when it is called remotely. */
  functionName(task: string): string;
  /**
   * Alias under which siblings call each other: that of the release this function belongs to. Empty in stacks of their
   * own, whose template names the functions, with an alias where they have one.
   */
  readonly qualifier: string;
  identity(task: string): FunctionIdentity;
}

const RELEASE = /^r\d+$/;

/** @throws Error when neither this function's name nor `FUSIONIZE_FUNCTIONS` tells how the others are called. */
export function siblingsOf(root: string, context: LambdaContext, environment: NodeJS.ProcessEnv): Siblings {
  const named = parseNames(environment["FUSIONIZE_FUNCTIONS"]);
  const own = context.functionName;
  const prefix = own.endsWith(`-${root}`) ? own.slice(0, -root.length) : undefined;
  const invokedAs = context.invokedFunctionArn.split(":")[7];
  const told = invokedAs !== undefined && RELEASE.test(invokedAs) ? invokedAs : (environment["FUSIONIZE_RELEASE"] ?? "live");
  const qualifier = told === "$LATEST" ? "" : told;
  const functionName = (task: string): string => {
    const name = named.get(task) ?? (prefix === undefined ? undefined : prefix + task);
    if (name !== undefined) return name;
    throw plainError({
      errorType: "FunctionNameUnknown",
      errorMessage: `The function of task "${task}" is not known to ${own}: set FUSIONIZE_FUNCTIONS, or deploy again.`,
    });
  };
  const suffix = qualifier === "" ? "" : `:${qualifier}`;
  const arn = context.invokedFunctionArn.split(":").slice(0, 6).join(":");
  return {
    functionName,
    qualifier,
    identity(task) {
      const name = named.get(task) ?? (prefix ?? `${own}-`) + task;
      const [plain = name] = name.split(":");
      return { functionName: plain, invokedFunctionArn: `${arn}:${name}${suffix}`, logGroupName: `/aws/lambda/${plain}` };
    },
  };
}

function parseNames(text: string | undefined): Map<string, string> {
  if (text === undefined) return new Map();
  const names: unknown = JSON.parse(text);
  if (typeof names !== "object" || names === null) return new Map();
  return new Map(Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
