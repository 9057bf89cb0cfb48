/**
 * The Lambda client of an existing application's code: invocations of the app's own functions go through the fusion
 * handler, everything else goes to AWS as before. The SDK's own classes stay: only their first step is ours.
 */
import type { InvokeCommandInput, InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import { currentRun, type Run } from "../run.ts";
import { answer, payloadText, refused, type Sdk } from "./answers.ts";
import { leaving, leavesAlways, serve } from "./serve.ts";
import { taskNamed } from "./targets.ts";

type Client = abstract new (...parameters: never[]) => Pick<LambdaClient, "middlewareStack">;
type Next = (args: { input: object }) => Promise<{ output: object; response: unknown }>;

/**
 * The class with our first step in every client made of it. Clients for another region, endpoint or account are left alone.
 */
export function fused<T extends Client>(Base: T, sdk: Sdk): T {
  const Substitute = class extends (Base as unknown as new (...parameters: unknown[]) => Pick<LambdaClient, "middlewareStack">) {
    constructor(...parameters: unknown[]) {
      super(...parameters);
      if (goesElsewhere(parameters[0])) return;
      const add = this.middlewareStack.add.bind(this.middlewareStack) as (middleware: unknown, options: object) => void;
      const step = (next: Next, context: { commandName?: string }) => async (args: { input: object }) =>
        await invoke(next, context.commandName ?? "", args, sdk);
      // After those of the application itself, which see every invocation.
      add(step, { step: "initialize", priority: "low", name: "fusionize" });
    }
  };
  Object.defineProperty(Substitute, "name", { value: Base.name });
  return Substitute as unknown as T;
}

function goesElsewhere(configuration: unknown): boolean {
  const { region, endpoint, credentials } = (configuration ?? {}) as Record<string, unknown>;
  return (
    endpoint !== undefined || credentials !== undefined || (typeof region === "string" && region !== process.env["AWS_REGION"])
  );
}

async function invoke(
  next: Next,
  command: string,
  args: { input: object },
  sdk: Sdk,
): Promise<{ output: object; response: unknown }> {
  const caller = currentRun.getStore();
  const input = args.input as InvokeCommandInput;
  if (!caller || !/^Invoke(?:WithResponseStream|Async)?Command$/.test(command) || input.InvocationType === "DryRun")
    return await next(args);
  const task = taskNamed(input.FunctionName, caller.invocation);
  if (task === undefined) return await next(args);
  if (command !== "InvokeCommand" || leavesAlways(input)) {
    return await leave(next, args, caller, task);
  }
  return { output: await inside(input, caller, task, sdk), response: {} };
}

async function inside(input: InvokeCommandInput, caller: Run, task: string, sdk: Sdk): Promise<InvokeCommandOutput> {
  const { InvocationType, Payload } = input;
  const { status, payload, functionError, refusal, fault } = await serve(caller, task, payloadText(Payload), InvocationType);
  if (fault) throw fault;
  if (refusal) throw refused(sdk, status, refusal.name, refusal.message);
  return answer(caller, status, payload, functionError);
}

async function leave(
  next: Next,
  args: { input: object },
  caller: Run,
  task: string,
): Promise<{ output: object; response: unknown }> {
  const { input, ended } = leaving(args.input as InvokeCommandInput, caller, task);
  try {
    const result = await next({ ...args, input });
    ended();
    return result;
  } catch (error) {
    ended(error as Error);
    throw error;
  }
}
