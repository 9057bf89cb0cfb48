/**
 * The Lambda client, as little of it as calls need. A module of its own, loaded only by functions whose calls leave them:
 * loading it takes most of such a function's INIT.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { InvokeCommand, LambdaClient, type InvokeCommandInput, type InvokeCommandOutput } from "@aws-sdk/client-lambda";

export interface Invoker {
  invoke(input: InvokeCommandInput): Promise<InvokeCommandOutput>;
}

/** More calls at once than any task makes; the SDK's own 50 would let further ones wait in line. */
const MAX_SOCKETS = 1000;

/**
 * A client for calls between functions. It never repeats a request on its own: a synchronous call whose connection
 * breaks may have run, and running it again is not the caller's wish. Endpoint and region come from the environment.
 */
export function createInvoker(): Invoker {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS };
  const client = new LambdaClient({
    maxAttempts: 1,
    requestHandler: { httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(agent) },
    ...environmentCredentials(),
  });
  return { invoke: (input) => client.send(new InvokeCommand(input)) };
}

/** In a function the credentials are in the environment and last as long as the process; elsewhere the SDK looks for them. */
function environmentCredentials(): { credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } } {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}
