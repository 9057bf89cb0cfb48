/** An invocation of one of the app's functions, whichever SDK's client made it: through the fusion handler, or as a real request. */
import { callText, carried, sendText } from "../call.ts";
import { Refusal, RemotePayload, RequestFault, originOfError } from "../errors.ts";
import type { Run } from "../run.ts";
import { clientContextOf } from "../trace.ts";
import { payloadText } from "./answers.ts";

/** What the service would have answered. */
export interface Served {
  /** HTTP; 0 when there is none. */
  status: number;
  payload: string;
  functionError?: string;
  /** Nothing ran. */
  refusal?: { name: string; message: string };
  /** The service never answered. */
  fault?: Error;
}

interface Input {
  InvocationType?: string | undefined;
  ClientContext?: string | undefined;
  Qualifier?: string | undefined;
  Payload?: unknown;
}

/** What only the service can do: its log, its contexts, its durable runs. Such a call leaves the function. */
const ONLY_REMOTE = ["LogType", "ClientContext", "TenantId", "DurableExecutionName"] as const;

export function leavesAlways(input: object): boolean {
  const given = input as Record<string, unknown>;
  return ONLY_REMOTE.some((name) => given[name] !== undefined && given[name] !== "None");
}

/** @param text JSON of the event. */
export async function serve(caller: Run, task: string, text: string, type: string | undefined): Promise<Served> {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`;
    return { status: 400, payload: "", refusal: { name: "InvalidRequestContentException", message } };
  }
  try {
    if (type === "Event") {
      await sendText(caller, task, text);
      return { status: 202, payload: "" };
    }
    return { status: 200, payload: await callText(caller, task, text) };
  } catch (error) {
    const { name, message } = error as Error;
    const origin = originOfError(error);
    const fault = origin instanceof RequestFault ? origin.error : undefined;
    const status = origin instanceof Refusal ? origin.status : statusOf(fault);
    if (status !== undefined) return { status, payload: "", refusal: { name, message } };
    if (fault instanceof Error) return { status: 0, payload: "", fault };
    if (origin instanceof RemotePayload) return { status: 200, payload: origin.text, functionError: "Unhandled" };
    const byPlatform = /^(?:Sandbox\.Timedout|Function\.ResponseSizeTooLarge)$/.test(name);
    const trace = origin instanceof Error ? (origin.stack ?? "").split("\n") : [];
    const payload = { errorType: name, errorMessage: message, ...(byPlatform ? {} : { trace }) };
    return { status: 200, payload: JSON.stringify(payload), functionError: "Unhandled" };
  }
}

/** Whether an event is there as a whole: not a stream, nor what the SDK is about to refuse. */
export const isText = (event: unknown): event is string | Uint8Array | undefined =>
  event === undefined || event === null || typeof event === "string" || event instanceof Uint8Array;

/** HTTP status that the service refused a request with; undefined when it never answered. */
function statusOf(fault: unknown): number | undefined {
  return (fault as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** The real request, to the task's own function, with the trace where the platform takes it along; `ended` is to be told. */
export function leaving<T extends Input>(given: T, caller: Run, task: string): { input: T; ended: (error?: Error) => void } {
  const { invocation } = caller;
  const { invokedFunctionArn } = invocation.host.identityOf(task, invocation);
  const kind = given.InvocationType === "Event" ? "async" : "sync";
  const bytes = isText(given.Payload) ? payloadText(given.Payload).length : 0;
  const span = invocation.begin(task, kind, "remote", bytes, caller);
  invocation.enter();
  const { ClientContext, Qualifier: _qualifier, ...rest } = given;
  const context = kind === "sync" ? merged(ClientContext, clientContextOf(carried(caller, span, bytes))) : ClientContext;
  const changed = { ...rest, FunctionName: invokedFunctionArn, ...(context === undefined ? {} : { ClientContext: context }) };
  return {
    input: changed as unknown as T,
    ended(error) {
      invocation.end(span, error);
      invocation.leave();
    },
  };
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
