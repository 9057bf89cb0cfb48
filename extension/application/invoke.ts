/** Root requests to the entry functions of a deployment, through the Lambda API. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { UserError } from "../core/errors.ts";
import type { Deployment } from "../deployment/types.ts";
import type { Target } from "../deployment/target.ts";
import type { InvokeResult } from "./types.ts";

/** Connections kept open: a load driver must not queue in its own client. */
const MAX_SOCKETS = 1000;

export interface Invoker {
  invoke(
    deployment: Deployment,
    task: string,
    event: unknown,
    options: { trace: string; tail?: boolean; signal?: AbortSignal },
  ): Promise<InvokeResult>;
  close(): void;
}

/** Trace ids of root requests: 32 hex digits, as random as the runtime makes its own. */
export function newTraceId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

export function createInvoker(target: Target): Invoker {
  const client = new LambdaClient({
    region: target.region,
    ...(target.endpoint && { endpoint: target.endpoint }),
    ...(target.credentials && { credentials: target.credentials }),
    ...(target.profile && { profile: target.profile }),
    // A request that breaks in transport may have run: sending it twice would count it twice.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    }),
  });
  return {
    async invoke(deployment, task, event, { trace, tail = false, signal }) {
      const entry = deployment.entries[task] ?? deployed(deployment, task);
      const context = { custom: { fusionize: { v: 1, trace, kind: "root" } } };
      const start = performance.now();
      const answer = await client.send(
        new InvokeCommand({
          FunctionName: entry.functionName,
          Qualifier: entry.qualifier,
          Payload: JSON.stringify(event ?? {}),
          ClientContext: Buffer.from(JSON.stringify(context)).toString("base64"),
          LogType: tail ? "Tail" : "None",
        }),
        signal ? { abortSignal: signal } : {},
      );
      return {
        payload: answer.Payload ? Buffer.from(answer.Payload).toString("utf8") : "",
        ...(answer.FunctionError && { functionError: answer.FunctionError }),
        log: answer.LogResult ? Buffer.from(answer.LogResult, "base64").toString("utf8") : "",
        durationMs: performance.now() - start,
        trace,
      };
    },
    close: () => client.destroy(),
  };
}

/** A task that is no entry can still be invoked where it has a function of its own. */
function deployed(deployment: Deployment, task: string): { functionName: string; qualifier: string } {
  const own = deployment.functions.find((candidate) => candidate.root === task);
  if (own) return { functionName: own.functionName, qualifier: deployment.release };
  throw new UserError("not-deployed", `“${task}” has no function of its own in the current setup: it only runs inside others.`);
}
