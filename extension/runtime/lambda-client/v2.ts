/**
 * The Lambda client of code that is still on the second SDK. Only the step that would send the request is ours: it gives the
 * SDK the HTTP answer of the service, and the SDK makes of it what it makes of the service's own.
 */
import { randomUUID } from "node:crypto";
import { currentRun, type Run } from "../run.ts";
import { payloadText } from "./answers.ts";
import { isText, leaving, leavesAlways, serve, type Served } from "./serve.ts";
import { taskNamed } from "./targets.ts";

interface Service {
  config: { region?: string };
  /** What the client was made with. */
  _originalConfig?: Record<string, unknown> | null;
  endpoint: { hostname: string };
  setEndpoint(endpoint: string): void;
}

interface InvokeParameters {
  FunctionName?: unknown;
  InvocationType?: string;
  Payload?: unknown;
  /** Of `invokeAsync`. */
  InvokeArgs?: unknown;
}

interface Response {
  error: Error | null;
  data: unknown;
}

interface Request {
  operation: string;
  params: InvokeParameters;
  service: Service;
  httpRequest: { endpoint: Service["endpoint"] };
  on(event: string, listener: (response: Response) => void): void;
  onAsync(event: string, listener: (response: Response, done: () => void) => void): void;
  removeAllListeners(event: string): void;
  emit(event: string, parameters: unknown[]): void;
}

interface ServiceClass {
  prototype: { setupRequestListeners: (this: Service, request: Request) => void };
}

/** Changes the class of Lambda's clients: every version of the API is made from it. */
export function fuseService(Lambda: ServiceClass): void {
  const { setupRequestListeners } = Lambda.prototype;
  Lambda.prototype.setupRequestListeners = function (request) {
    if (moved.has(this) || OF_AWS.test(this.endpoint.hostname)) {
      const endpoint = process.env["AWS_ENDPOINT_URL_LAMBDA"];
      if (endpoint && !moved.has(this)) this.setEndpoint(endpoint);
      moved.add(this);
      request.httpRequest.endpoint = this.endpoint;
      redirect(request, this._originalConfig ?? {});
    }
    setupRequestListeners.call(this, request);
  };
}

/** Addresses that a client takes by itself; one with another address was given it and is left alone. */
const OF_AWS = /^lambda(?:-fips)?\.[\w-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
/** Clients that have the address of the environment, the third SDK's convention, which the second does not know. */
const moved = new WeakSet<Service>();

function redirect(request: Request, own: Record<string, unknown>): void {
  const { operation, params, service } = request;
  const caller = currentRun.getStore();
  if (!caller || (operation !== "invoke" && operation !== "invokeAsync") || params.InvocationType === "DryRun") return;
  if (own["credentials"] !== undefined || own["accessKeyId"] !== undefined) return;
  if (service.config.region !== process.env["AWS_REGION"]) return;
  const task = taskNamed(params.FunctionName, caller.invocation);
  if (task === undefined) return;
  const event = operation === "invokeAsync" ? params.InvokeArgs : params.Payload;
  if (!isText(event) || leavesAlways(params)) {
    if (operation === "invoke") leave(request, caller, task);
    return;
  }
  // Neither a signature nor a connection is needed. What is wrong with the parameters the SDK has said by then.
  for (const step of ["sign", "send"]) request.removeAllListeners(step);
  request.onAsync("send", (response, done) => {
    response.error = null;
    response.data = null;
    const type = operation === "invokeAsync" ? "Event" : params.InvocationType;
    void serve(caller, task, payloadText(event), type).then((served) => {
      deliver(request, response, served, caller);
      done();
    });
  });
}

/** As if the service had answered. */
function deliver(request: Request, response: Response, served: Served, caller: Run): void {
  const { status, payload, functionError, refusal, fault } = served;
  if (fault) {
    const { region } = request.service.config;
    const { hostname } = request.service.endpoint;
    response.error = Object.assign(fault, { code: "NetworkingError", region, hostname, retryable: true });
    request.emit("httpError", [response.error, response]);
    return;
  }
  const type = status < 500 ? "User" : "Service";
  const body = Buffer.from(refusal ? JSON.stringify({ Type: type, message: refusal.message }) : payload);
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
    "x-amzn-requestid": randomUUID(),
    ...(status === 200 && { "x-amz-executed-version": caller.invocation.context.functionVersion }),
    ...(functionError !== undefined && { "x-amz-function-error": functionError }),
    ...(refusal && { "x-amzn-errortype": refusal.name }),
  };
  request.emit("httpHeaders", [status, headers, response, ""]);
  if (body.length > 0) request.emit("httpData", [body, response]);
  request.emit("httpDone", [response]);
}

function leave(request: Request, caller: Run, task: string): void {
  const { input, ended } = leaving(request.params, caller, task);
  request.params = input;
  request.on("complete", ({ error }) => ended(error ?? undefined));
}
