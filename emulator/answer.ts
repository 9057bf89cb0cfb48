import type { Outbox } from "./execution/outbox.ts";
import type { Logs } from "./logs/index.ts";
import { json } from "./http/reply.ts";
import type { Reply } from "./http/reply.ts";
import type { Incoming } from "./http/server.ts";
import { ServiceError } from "./lambda/errors.ts";
import { route } from "./lambda/routes.ts";
import { ApiCall } from "./lambda/service.ts";
import type { LambdaService } from "./lambda/service.ts";
import { answerUrl, urlTarget } from "./lambda/url-invoke.ts";
import { answerOwn } from "./own-api.ts";

/** Leads a request to the service it is for: Logs by its target header, the emulator's own pages and Lambda by path. */
export async function answer(service: LambdaService, logs: Logs, outbox: Outbox, request: Incoming): Promise<Reply | undefined> {
  try {
    const url = urlTarget(service, request.headers.host);
    if (url !== undefined) return await answerUrl(service, request, url);
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") {
      await outbox.complete();
      return await answerLogs(logs, target, request);
    }
    if (request.path.startsWith("/_emulator/")) return await answerOwn(service, request);
    const found = route(request.method, request.path);
    if (found !== undefined) return await found.operation(new ApiCall(service, request, found.params));
    const message = `The emulator knows no operation ${request.method} ${request.path}.`;
    return refusal(new ServiceError(404, "UnknownOperationException", { message }));
  } catch (error) {
    if (error instanceof ServiceError) return refusal(error);
    throw error;
  }
}

function refusal(error: ServiceError): Reply {
  const reply = json(error.status, error.body);
  return { ...reply, headers: { ...reply.headers, ...error.headers, "x-amzn-errortype": error.code } };
}

async function answerLogs(logs: Logs, target: string, request: Incoming): Promise<Reply | undefined> {
  const operation = target.slice(target.indexOf(".") + 1);
  let body: unknown = {};
  try {
    if (request.body.length > 0) body = JSON.parse(request.body.toString());
  } catch {
    return {
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: "SerializationException" }),
    };
  }
  const result = await logs.handle(operation, body, { signal: request.signal });
  const headers = { "content-type": "application/x-amz-json-1.1", ...result.headers };
  if (result.stream === undefined) return { status: result.status, headers, body: JSON.stringify(result.body ?? {}) };
  const { response } = request;
  response.writeHead(result.status, { ...headers, "x-amzn-requestid": request.requestId });
  response.flushHeaders();
  for await (const chunk of result.stream) {
    if (response.destroyed) return undefined;
    if (!response.write(chunk)) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
  return undefined;
}
