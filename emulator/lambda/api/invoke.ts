import { setTimeout as delay } from "node:timers/promises";
import { empty, json } from "../../http/reply.ts";
import type { Reply } from "../../http/reply.ts";
import type { Outcome } from "../../execution/revision.ts";
import { conflict, invalidContent, invokeTooLarge, notFound } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";
import { traceHeader } from "../trace.ts";
import { Constraints } from "../validation.ts";

/** 6 MB. */
export const syncLimit = 6_291_456;
/** 1 MB since 2025. */
export const asyncLimit = 1_048_576;

/** Function and qualifier of an invocation; a missing function is named with its qualifier here. */
export function invoked(call: ApiCall): { record: FunctionRecord; qualifier: string | undefined } {
  const { place, registry } = call.service;
  const { name, qualifier } = parseName(call.params[0] ?? "", call.query.get("Qualifier"), place);
  const record = registry.find(name);
  if (record === undefined) throw notFound(`Function not found: ${functionArn(place, name, qualifier ?? "$LATEST")}`);
  registry.resolve(record, qualifier);
  return { record, qualifier };
}

export const invoke: Operation = async (call) => {
  const type = header(call, "x-amz-invocation-type") ?? "RequestResponse";
  const constraints = new Constraints();
  constraints.text("invocationType", type, { oneOf: ["Event", "RequestResponse", "DryRun"] });
  constraints.text("logType", header(call, "x-amz-log-type"), { oneOf: ["None", "Tail"] });
  constraints.check();
  const { record, qualifier } = invoked(call);
  if (type === "DryRun") return empty(204);
  const limit = type === "Event" ? asyncLimit : syncLimit;
  if (call.body.length > limit) throw invokeTooLarge(limit);
  const payload = eventOf(call.body);
  const traceId = traceHeader(record, header(call, "x-amzn-trace-id"));
  return type === "Event" ? accept(call, record, qualifier, payload, traceId) : run(call, record, qualifier, payload, traceId);
};

/** The deprecated way to hand in an event; its answer carries the status. */
export const invokeAsync: Operation = async (call) => {
  const { record, qualifier } = invoked(call);
  if (call.body.length > asyncLimit) throw invokeTooLarge(asyncLimit);
  await accept(call, record, qualifier, eventOf(call.body), traceHeader(record, header(call, "x-amzn-trace-id")));
  return json(202, { Status: 202 });
};

async function run(
  call: ApiCall,
  record: FunctionRecord,
  qualifier: string | undefined,
  payload: Buffer,
  traceId: string,
): Promise<Reply> {
  const outcome = await call.service.invoker.runSync(record, qualifier, {
    requestId: call.requestId,
    payload,
    clientContext: clientContext(call),
    traceId,
    tail: header(call, "x-amz-log-type") === "Tail",
  });
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amzn-trace-id": traceId.split(";Lineage")[0] ?? "",
      ...outcomeHeaders(outcome),
    },
    body: outcome.payload,
  };
}

/** The event is on disk before the caller hears of it. The client context is not handed on, as on AWS. */
async function accept(
  call: ApiCall,
  record: FunctionRecord,
  qualifier: string | undefined,
  payload: Buffer,
  traceId: string,
): Promise<Reply> {
  const { queue, options } = call.service;
  if (record.latest.state === "Pending")
    throw conflict("The operation cannot be performed at this time. The function is currently in the following state: Pending");
  if (options.asyncHopMs > 0) await delay(options.asyncHopMs);
  queue.enqueue(record.name, qualifier, payload.toString(), call.requestId, traceId);
  return empty(202);
}

export function outcomeHeaders(outcome: Outcome): Record<string, string> {
  const headers: Record<string, string> = { "x-amz-executed-version": outcome.executedVersion };
  if (outcome.failed) headers["x-amz-function-error"] = "Unhandled";
  if (outcome.logTail !== undefined) headers["x-amz-log-result"] = outcome.logTail;
  return headers;
}

/** The event, which must be JSON; none is an empty object. */
export function eventOf(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from("{}");
  try {
    JSON.parse(body.toString());
  } catch (error) {
    throw invalidContent(
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    );
  }
  return body;
}

/** JSON text of the client context. Throws InvalidRequestContentException when it is none, or longer than AWS takes. */
export function clientContext(call: ApiCall): string | undefined {
  const given = header(call, "x-amz-client-context");
  if (given === undefined || given === "") return undefined;
  const text = Buffer.from(given, "base64").toString();
  if (given.length > 3583 * 2 || Buffer.byteLength(text) > 3583)
    throw invalidContent("Client context must be no more than 3583 bytes of base64-encoded data.");
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidContent(`Client context must be a valid Base64-encoded JSON object. ${(error as Error).message}`);
  }
  return text;
}

export function header(call: ApiCall, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
