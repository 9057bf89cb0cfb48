import { randomUUID } from "node:crypto";
import type { Reply } from "../http/reply.ts";
import { json } from "../http/reply.ts";
import type { Incoming } from "../http/server.ts";
import { invokeTooLarge, ServiceError } from "./errors.ts";
import type { FunctionRecord, FunctionUrl, PolicyStatement } from "./model.ts";
import type { LambdaService } from "./service.ts";
import { traceHeader } from "./trace.ts";
import { badGateway, httpAnswer, UrlStream } from "./url-answer.ts";
import { corsHeaders } from "./url-cors.ts";

/** A function URL and what it leads to. */
interface Target {
  record: FunctionRecord;
  /** `$LATEST` or an alias. */
  key: string;
  url: FunctionUrl;
}

/** The function whose URL a host name is; undefined for the emulator's own names. */
export function urlTarget(service: LambdaService, host: string | undefined): Target | undefined {
  const id = /^([a-z2-7]{32})\.lambda-url\./.exec(host ?? "")?.[1];
  if (id === undefined) return undefined;
  for (const record of service.registry.list()) {
    for (const [key, url] of Object.entries(record.urls)) if (url.id === id) return { record, key, url };
  }
  throw new ServiceError(404, "ResourceNotFoundException", { Message: "Not Found" });
}

const bodyLimit = 6_291_456;

/** Runs one HTTP request to a function URL: payload format 2.0 in, an HTTP answer out, buffered or streamed. */
export async function answerUrl(
  service: LambdaService,
  request: Incoming,
  { record, key, url }: Target,
): Promise<Reply | undefined> {
  const cors = corsHeaders(url, request.headers["origin"]);
  if (request.method === "OPTIONS" && url.cors !== undefined && request.headers["access-control-request-method"] !== undefined)
    return { status: 200, headers: cors };
  if (!allowed(record, key, url, request)) {
    const body = json(403, {
      Message:
        "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    });
    return { ...body, headers: { ...body.headers, "x-amzn-errortype": "AccessDeniedException" } };
  }
  if (request.body.length > bodyLimit) throw invokeTooLarge(bodyLimit);
  const qualifier = key === "$LATEST" ? undefined : key;
  const stream =
    url.invokeMode === "RESPONSE_STREAM" ? new UrlStream(request, cors, service.options.fidelity === "aws") : undefined;
  const outcome = await service.invoker.runSync(record, qualifier, {
    requestId: request.requestId,
    payload: Buffer.from(JSON.stringify(urlEvent(service, request, url))),
    traceId: traceHeader(record, undefined),
    tail: false,
    onStream: stream,
  });
  if (outcome.streamed === true && !outcome.failed) return stream?.end();
  if (outcome.failed && request.response.headersSent) {
    // The status has gone out; breaking off is the only way left to tell of the failure.
    request.response.destroy();
    return undefined;
  }
  if (outcome.failed) return badGateway(cors);
  return httpAnswer(outcome.payload, cors);
}

/** Both permissions of a new URL must be there, and neither denied; a signed request of this account is let in by its identity. */
function allowed(record: FunctionRecord, key: string, url: FunctionUrl, request: Incoming): boolean {
  if (url.authType === "AWS_IAM")
    return request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true || request.query.has("X-Amz-Signature");
  const statements = record.policies[key]?.statements ?? [];
  const says = (effect: string, action: string, holds: (statement: PolicyStatement) => boolean): boolean =>
    statements.some((statement) => statement.Effect === effect && isFor(statement, action) && holds(statement));
  const urlHolds = ({ Condition }: PolicyStatement): boolean =>
    (Condition?.["StringEquals"]?.["lambda:FunctionUrlAuthType"] ?? "NONE") === "NONE";
  const functionHolds = ({ Condition }: PolicyStatement): boolean =>
    (Condition?.["Bool"]?.["lambda:InvokedViaFunctionUrl"] ?? "true") === "true";
  return (
    says("Allow", "lambda:InvokeFunctionUrl", urlHolds) &&
    says("Allow", "lambda:InvokeFunction", functionHolds) &&
    !says("Deny", "lambda:InvokeFunctionUrl", urlHolds) &&
    !says("Deny", "lambda:InvokeFunction", functionHolds)
  );
}

/** Whether a statement speaks of everyone and of the action. */
function isFor({ Principal, Action }: PolicyStatement, action: string): boolean {
  const everyone = Principal === "*" || (Principal as { AWS?: unknown } | undefined)?.AWS === "*";
  return everyone && [Action].flat().some((name) => name === action || name === "lambda:*" || name === "*");
}

function urlEvent(service: LambdaService, request: Incoming, url: FunctionUrl): Record<string, unknown> {
  const now = new Date();
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    if (name === "cookie") cookies.push(...(Array.isArray(value) ? value.join("; ") : value).split(/;\s*/));
    else headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  const query: Record<string, string> = {};
  for (const [name, value] of request.query) query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  const host = request.headers.host ?? "";
  const text = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|.*\+(json|xml))/.test(
    headers["content-type"] ?? "text/",
  );
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: safeDecode(request.path),
    rawQueryString: request.rawQuery,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(request.query.size > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: url.authType === "NONE" ? "anonymous" : service.place.accountId,
      apiId: url.id,
      domainName: host.replace(/:\d+$/, ""),
      domainPrefix: url.id,
      http: {
        method: request.method,
        path: safeDecode(request.path),
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length > 0 ? { body: text ? request.body.toString() : request.body.toString("base64") } : {}),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Time as access logs write it. */
function clfTime(now: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
