import { validateHeaderName, validateHeaderValue } from "node:http";
import { json } from "../http/reply.ts";
import type { Reply } from "../http/reply.ts";
import type { Incoming } from "../http/server.ts";
import { StreamPace } from "./stream-pace.ts";

/** What a function says about its HTTP answer, in a result or before a stream. */
interface Metadata {
  statusCode?: unknown;
  headers?: unknown;
  cookies?: unknown;
}

interface Head {
  status: number;
  headers: Record<string, string | string[]>;
}

/** The answer of a URL whose function failed, or answered with what is no HTTP answer. */
export const badGateway = (cors: Record<string, string>): Reply => ({
  ...json(502, { Message: "Internal Server Error" }),
  headers: { "content-type": "application/json", ...cors },
});

/** A result with a status code is an HTTP answer; anything else is its JSON body, a string as it is. */
export function httpAnswer(payload: Buffer, cors: Record<string, string>): Reply {
  const value = parse(payload.toString());
  if (value === undefined) return badGateway(cors);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    return {
      status: 200,
      headers: { "content-type": "application/json", ...cors },
      body: typeof value === "string" ? value : payload,
    };
  }
  const head = headOf(value, "application/json", cors);
  const { body = "", isBase64Encoded } = value as { body?: unknown; isBase64Encoded?: unknown };
  if (head === undefined || typeof body !== "string") return badGateway(cors);
  return { ...head, body: isBase64Encoded === true ? Buffer.from(body, "base64") : body };
}

/** Writes a streamed response: JSON metadata ended by eight NUL bytes when the handler gave some, then the body as it comes. */
export class UrlStream {
  private readonly request: Incoming;
  private readonly cors: Record<string, string>;
  /** Metadata so far, until its end has come. */
  private prelude: Buffer | undefined;
  private broken = false;
  private readonly pace: StreamPace;

  /** `limited`: no faster than AWS. */
  constructor(request: Incoming, cors: Record<string, string>, limited: boolean) {
    this.request = request;
    this.cors = cors;
    this.pace = new StreamPace((bytes) => void request.response.write(bytes), limited);
  }

  start(contentType: string): void {
    if (contentType === "application/vnd.awslambda.http-integration-response") this.prelude = Buffer.alloc(0);
    else this.begin(headOf({ headers: { "content-type": contentType } }, "application/octet-stream", this.cors));
  }

  chunk(bytes: Buffer): void {
    if (this.broken) return;
    if (this.prelude === undefined) return this.pace.push(bytes);
    this.prelude = Buffer.concat([this.prelude, bytes]);
    const end = this.prelude.indexOf(Buffer.alloc(8));
    if (end < 0) return;
    const metadata = parse(this.prelude.toString("utf8", 0, end));
    const rest = this.prelude.subarray(end + 8);
    this.prelude = undefined;
    const usable = typeof metadata === "object" && metadata !== null;
    this.begin(usable ? headOf(metadata, "application/octet-stream", this.cors) : undefined);
    if (rest.length > 0 && !this.broken) this.pace.push(rest);
  }

  /** Ends the answer. Metadata that never ended, or said what HTTP cannot, is a bad gateway. */
  async end(): Promise<Reply | undefined> {
    if (this.broken || this.prelude !== undefined) return badGateway(this.cors);
    await this.pace.done();
    // What was too large is cut off, so that no client takes it for whole.
    if (this.pace.exceeded) this.request.response.destroy();
    else this.request.response.end();
    return undefined;
  }

  private begin(head: Head | undefined): void {
    if (head === undefined) this.broken = true;
    else this.request.response.writeHead(head.status, { ...head.headers, "x-amzn-requestid": this.request.requestId });
  }
}

/** Status and headers as HTTP can carry them; undefined when it cannot. */
function headOf({ statusCode, headers, cookies }: Metadata, contentType: string, cors: Record<string, string>): Head | undefined {
  const status = statusCode === undefined ? 200 : Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const sent: Record<string, string | string[]> = { "content-type": contentType };
  try {
    for (const [name, given] of Object.entries((headers ?? {}) as Record<string, unknown>)) {
      const value = String(given);
      validateHeaderName(name);
      validateHeaderValue(name, value);
      // The server frames the message itself.
      if (!/^(transfer-encoding|content-length|connection|keep-alive)$/i.test(name)) sent[name.toLowerCase()] = value;
    }
    if (Array.isArray(cookies)) {
      const texts = cookies.map(String);
      for (const text of texts) validateHeaderValue("set-cookie", text);
      sent["set-cookie"] = texts;
    }
  } catch {
    return undefined;
  }
  return { status, headers: { ...sent, ...cors } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
