import { randomUUID } from "node:crypto";
import type { Reply } from "../http/reply.ts";
import { json } from "../http/reply.ts";
import type { Incoming } from "../http/server.ts";
import { invokeTooLarge, ServiceError } from "./errors.ts";
import type { FunctionRecord, FunctionUrl, PolicyStatement } from "./model.ts";
import type { LambdaService } from "./service.ts";
import { traceHeader } from "./trace.ts";

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
  const stream = url.invokeMode === "RESPONSE_STREAM" ? new UrlStream(request, cors) : undefined;
  const outcome = await service.invoker.run(record, qualifier, service.options.hopMs, {
    requestId: request.requestId,
    payload: Buffer.from(JSON.stringify(urlEvent(service, request, url))),
    traceId: traceHeader(record, undefined),
    tail: false,
    onStream: stream,
  });
  if (outcome.streamed === true) return stream?.end();
  if (outcome.failed && request.response.headersSent) {
    // The status has gone out; breaking off is the only way left to tell of the failure.
    request.response.destroy();
    return undefined;
  }
  if (outcome.failed)
    return { ...json(502, { Message: "Internal Server Error" }), headers: { "content-type": "application/json", ...cors } };
  return httpAnswer(outcome.payload, cors);
}

/** Both permissions of a new URL must be there, or the older single one with its condition on the authentication type; a signed request of this account is let in by its identity. */
function allowed(record: FunctionRecord, key: string, url: FunctionUrl, request: Incoming): boolean {
  if (url.authType === "AWS_IAM")
    return request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true || request.query.has("X-Amz-Signature");
  const statements = record.policies[key]?.statements ?? [];
  const open = (statement: PolicyStatement, action: string): boolean =>
    statement.Principal === "*" && (statement.Action === action || statement.Action === "lambda:*");
  const urlAllowed = statements.some(
    (statement) =>
      open(statement, "lambda:InvokeFunctionUrl") &&
      (statement.Condition?.["StringEquals"]?.["lambda:FunctionUrlAuthType"] ?? "NONE") === "NONE",
  );
  const functionAllowed = statements.some(
    (statement) =>
      open(statement, "lambda:InvokeFunction") &&
      (statement.Condition?.["Bool"]?.["lambda:InvokedViaFunctionUrl"] ?? "true") === "true",
  );
  return urlAllowed && functionAllowed;
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
    rawQueryString: request.query.toString(),
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

/** A result with a status code is an HTTP answer; anything else is its JSON body, a string as it is. */
function httpAnswer(payload: Buffer, cors: Record<string, string>): Reply {
  const value = JSON.parse(payload.toString()) as unknown;
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    return {
      status: 200,
      headers: { "content-type": "application/json", ...cors },
      body: typeof value === "string" ? value : payload,
    };
  }
  const answer = value as {
    statusCode: number;
    headers?: Record<string, string | number | boolean>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  };
  const headers: Record<string, string | string[]> = { "content-type": "application/json" };
  for (const [name, header] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = `${header}`;
  if (answer.cookies !== undefined) headers["set-cookie"] = answer.cookies;
  const body = answer.isBase64Encoded === true ? Buffer.from(answer.body ?? "", "base64") : (answer.body ?? "");
  return { status: answer.statusCode, headers: { ...headers, ...cors }, body };
}

/** Writes a streamed response: JSON metadata ended by eight NUL bytes when the handler gave some, then the body as it comes. */
class UrlStream {
  private readonly request: Incoming;
  private readonly cors: Record<string, string>;
  private head: Buffer | undefined;

  constructor(request: Incoming, cors: Record<string, string>) {
    this.request = request;
    this.cors = cors;
  }

  start(contentType: string): void {
    if (contentType === "application/vnd.awslambda.http-integration-response") this.head = Buffer.alloc(0);
    else
      this.request.response.writeHead(200, {
        "content-type": contentType,
        "x-amzn-requestid": this.request.requestId,
        ...this.cors,
      });
  }

  chunk(bytes: Buffer): void {
    const { response } = this.request;
    if (this.head === undefined) return void response.write(bytes);
    this.head = Buffer.concat([this.head, bytes]);
    const end = this.head.indexOf(Buffer.alloc(8));
    if (end < 0) return;
    const metadata = JSON.parse(this.head.toString("utf8", 0, end)) as {
      statusCode?: number;
      headers?: Record<string, string>;
      cookies?: string[];
    };
    const rest = this.head.subarray(end + 8);
    this.head = undefined;
    const cookies = metadata.cookies === undefined ? {} : { "set-cookie": metadata.cookies };
    response.writeHead(metadata.statusCode ?? 200, {
      "content-type": "application/octet-stream",
      "x-amzn-requestid": this.request.requestId,
      ...metadata.headers,
      ...cookies,
      ...this.cors,
    });
    if (rest.length > 0) response.write(rest);
  }

  end(): undefined {
    this.request.response.end();
    return undefined;
  }
}

function corsHeaders(url: FunctionUrl, origin: string | undefined): Record<string, string> {
  const cors = url.cors as
    | {
        AllowOrigins?: string[];
        AllowMethods?: string[];
        AllowHeaders?: string[];
        ExposeHeaders?: string[];
        MaxAge?: number;
        AllowCredentials?: boolean;
      }
    | undefined;
  if (
    cors === undefined ||
    origin === undefined ||
    cors.AllowOrigins?.some((allowed) => allowed === "*" || allowed === origin) !== true
  )
    return {};
  const headers: Record<string, string> = {
    "access-control-allow-origin": cors.AllowOrigins.includes("*") && cors.AllowCredentials !== true ? "*" : origin,
  };
  if (cors.AllowMethods !== undefined) headers["access-control-allow-methods"] = cors.AllowMethods.join(",");
  if (cors.AllowHeaders !== undefined) headers["access-control-allow-headers"] = cors.AllowHeaders.join(",");
  if (cors.ExposeHeaders !== undefined) headers["access-control-expose-headers"] = cors.ExposeHeaders.join(",");
  if (cors.MaxAge !== undefined) headers["access-control-max-age"] = String(cors.MaxAge);
  if (cors.AllowCredentials === true) headers["access-control-allow-credentials"] = "true";
  return headers;
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
