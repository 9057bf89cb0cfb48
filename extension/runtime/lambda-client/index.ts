/**
 * The Lambda client of an existing application's code: invocations of the app's own functions go through the fusion
 * handler, everything else goes to AWS as before. The SDK's own classes stay: only their first step is ours.
 */
import type { InvokeCommandInput, InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import { callText, carried, sendText } from "../call.ts";
import { Refusal, RemotePayload, originOfError } from "../errors.ts";
import { currentRun, type Run } from "../run.ts";
import { clientContextOf } from "../trace.ts";
import { answer, payloadText, refused, type Sdk } from "./answers.ts";
import { taskNamed } from "./targets.ts";

type Client = abstract new (...parameters: never[]) => Pick<LambdaClient, "middlewareStack">;
type Next = (args: { input: object }) => Promise<{ output: object; response: unknown }>;

/** What only the service can do: its log, its contexts, its durable runs. Such a call leaves the function. */
const ONLY_REMOTE = ["LogType", "ClientContext", "TenantId", "DurableExecutionName"] as const;

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
  if (command !== "InvokeCommand" || ONLY_REMOTE.some((name) => input[name] !== undefined && input[name] !== "None")) {
    return await leave(next, args, caller, task);
  }
  return { output: await inside(input, caller, task, sdk), response: {} };
}

async function inside(input: InvokeCommandInput, caller: Run, task: string, sdk: Sdk): Promise<InvokeCommandOutput> {
  const text = payloadText(input.Payload);
  try {
    JSON.parse(text);
  } catch (error) {
    throw refused(
      sdk,
      400,
      "InvalidRequestContentException",
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    );
  }
  try {
    if (input.InvocationType === "Event") {
      await sendText(caller, task, text);
      return answer(caller, 202, "");
    }
    return answer(caller, 200, await callText(caller, task, text));
  } catch (error) {
    const { name, message } = error as Error;
    const origin = originOfError(error);
    const status = origin instanceof Refusal ? origin.status : serviceStatus(origin);
    if (status !== undefined) throw refused(sdk, status, name, message);
    if (origin instanceof RemotePayload) return answer(caller, 200, origin.text, "Unhandled");
    const byPlatform = /^(?:Sandbox\.Timedout|Function\.ResponseSizeTooLarge)$/.test(name);
    const trace = origin instanceof Error ? (origin.stack ?? "").split("\n") : [];
    const payload = { errorType: name, errorMessage: message, ...(byPlatform ? {} : { trace }) };
    return answer(caller, 200, JSON.stringify(payload), "Unhandled");
  }
}

/** HTTP status of a fault that the service itself answered with. */
function serviceStatus(origin: unknown): number | undefined {
  const { $metadata } = (origin ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return origin instanceof Error ? $metadata?.httpStatusCode : undefined;
}

/** The real request, to the task's own function, with the trace where the platform takes it along. */
async function leave(
  next: Next,
  args: { input: object },
  caller: Run,
  task: string,
): Promise<{ output: object; response: unknown }> {
  const input = args.input as InvokeCommandInput;
  const { invocation } = caller;
  const { invokedFunctionArn } = invocation.host.identityOf(task, invocation);
  const kind = input.InvocationType === "Event" ? "async" : "sync";
  const bytes = payloadText(input.Payload).length;
  const span = invocation.begin(task, kind, "remote", bytes, caller);
  invocation.enter();
  try {
    const { ClientContext, Qualifier: _qualifier, ...rest } = input;
    const context = kind === "sync" ? merged(ClientContext, clientContextOf(carried(caller, span, bytes))) : ClientContext;
    const changed = { ...rest, FunctionName: invokedFunctionArn, ...(context === undefined ? {} : { ClientContext: context }) };
    return await next({ ...args, input: changed });
  } catch (error) {
    invocation.end(span, error as Error);
    throw error;
  } finally {
    if (span.duration === 0) invocation.end(span);
    invocation.leave();
  }
}

function merged(given: string | undefined, ours: string): string {
  if (given === undefined) return ours;
  try {
    const [theirs, own] = [given, ours].map(
      (text) => JSON.parse(Buffer.from(text, "base64").toString()) as { custom?: Record<string, unknown> },
    );
    return Buffer.from(JSON.stringify({ ...theirs, custom: { ...theirs?.custom, ...own?.custom } })).toString("base64");
  } catch {
    // Not what the service takes: it will say so.
    return given;
  }
}
