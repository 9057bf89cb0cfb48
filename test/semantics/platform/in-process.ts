/**
 * Lambda as far as values, errors, limits, timeouts, instances and repeated events go, inside the test's process. Functions
 * are instances of one module, each with its own module state, and everything between them crosses as bytes.
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import type { App } from "../../../extension/application/types.ts";
import { resolveSetup } from "../../../extension/core/resolve.ts";
import type { InvocationRecord } from "../../../extension/core/record.ts";
import type { ResolvedFunction } from "../../../extension/core/setup.ts";
import type { FusionOptions } from "../../../extension/runtime/handler.ts";
import { PLATFORMS } from "./invoker.ts";
import type { Answer, Platform, Variant } from "./platform.ts";

const load = createRequire(import.meta.url)("./native-import.cjs") as (url: string) => Promise<unknown>;

type Handler = (event: unknown, context: object) => Promise<unknown>;

const MAX_SYNC = 6 * 1024 * 1024;
const MAX_RESPONSE = MAX_SYNC + 100;
const MAX_EVENT = 1024 * 1024;
/** First try and two more, as AWS does; here at once. */
const ATTEMPTS = 3;
const REGION = "arn:aws:lambda:eu-central-1:000000000000:function";

interface Deployed {
  options: FusionOptions;
  idle: Instance[];
}

interface Instance {
  /** URL of its module. */
  source: string;
  handler: Handler;
}

export interface InProcessOptions {
  app: App;
  /** See `bundleApp`. */
  module: string;
  /** Seconds by task; the app's timeout for the others. */
  timeouts?: Record<string, number>;
  /** What the service says instead of running a request; undefined = it runs. */
  refuse?: (body: Buffer) => Error | undefined;
}

export class InProcessPlatform implements Platform {
  readonly #options: InProcessOptions;
  readonly #number = randomUUID();
  readonly #stdout = process.stdout.write.bind(process.stdout);
  #functions = new Map<string, Deployed>();
  /** Instances and requests that were ended by force. */
  readonly #ended = new Set<string>();
  #release = 0;
  #instances = 0;
  #events = 0;
  #whenSettled: (() => void) | undefined;
  #records: InvocationRecord[] = [];

  constructor(options: InProcessOptions) {
    this.#options = options;
    const all = globalThis as { [PLATFORMS]?: Map<string, unknown> };
    const forInstance = (source: string): object => ({
      invoke: async (input: InvokeCommandInput) => (this.ended(source) ? await new Promise(() => {}) : await this.#invoke(input)),
    });
    (all[PLATFORMS] ??= new Map()).set(this.#number, forInstance);
    process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      if (typeof chunk !== "string" || !chunk.startsWith('{"fusionize":1,')) return this.#stdout(chunk, ...rest);
      const record = JSON.parse(chunk) as InvocationRecord;
      // What an earlier platform has left running is none of this one's.
      if (record.setup === this.#number) this.#records.push(record);
      return true;
    };
  }

  deploy({ setup, lossTolerated }: Variant): Promise<void> {
    const { app } = this.#options;
    const constraints = { ...app.config?.constraints, lossTolerated };
    this.#release++;
    this.#functions = new Map(
      resolveSetup(app.graph, setup, constraints).map((fused) => [
        this.#nameOf(fused.root),
        this.#functionOf(fused, lossTolerated),
      ]),
    );
    return Promise.resolve();
  }

  async invoke(task: string, event: unknown): Promise<Answer> {
    const answer = await this.#invoke({ FunctionName: this.#nameOf(task), Payload: Buffer.from(JSON.stringify(event)) });
    return { payload: Buffer.from(answer.Payload ?? []).toString(), failed: answer.FunctionError !== undefined };
  }

  async settled(): Promise<InvocationRecord[]> {
    while (this.#events > 0) {
      await new Promise<void>((resolve) => {
        this.#whenSettled = resolve;
      });
    }
    const records = this.#records.filter(({ request }) => !this.#ended.has(request));
    this.#records = [];
    return records;
  }

  /** Whether this instance, by its module's URL, was ended by force. Its code goes on, as no process can be killed here. */
  ended(source: string): boolean {
    return this.#ended.has(source);
  }

  close(): Promise<void> {
    process.stdout.write = this.#stdout;
    return Promise.resolve();
  }

  #nameOf = (task: string): string => `${this.#options.app.config?.app}-local-${task}`;

  #functionOf(fused: ResolvedFunction, lossTolerated: string[]): Deployed {
    const { timeouts, app } = this.#options;
    const options: FusionOptions = {
      root: fused.root,
      setup: this.#number,
      inline: fused.inline,
      inlineAsync: fused.inlineAsync,
      lossTolerated,
      exclusive: app.config?.constraints.exclusive ?? [],
      remote: false,
    };
    if (timeouts) options.timeouts = timeouts;
    return { options, idle: [] };
  }

  async #invoke({ FunctionName = "", Payload, ClientContext, InvocationType }: InvokeCommandInput): Promise<InvokeCommandOutput> {
    // The caller's bytes, not its text: as on the wire.
    const body = Buffer.from(Payload as Uint8Array);
    const target = this.#functions.get(FunctionName);
    const limit = InvocationType === "Event" ? MAX_EVENT : MAX_SYNC;
    await Promise.resolve();
    const refused = this.#options.refuse?.(body);
    if (refused) throw refused;
    if (!target) throw refusal("ResourceNotFoundException", `Function not found: ${REGION}:${FunctionName}:r${this.#release}`);
    if (body.length > limit) {
      throw refusal("RequestTooLargeException", `Request must be smaller than ${limit} bytes for the InvokeFunction operation`);
    }
    if (InvocationType === "Event") {
      this.#events++;
      setImmediate(() => void this.#handleEvent(FunctionName, target, body));
      return { StatusCode: 202, $metadata: {} };
    }
    const context = ClientContext === undefined ? undefined : Buffer.from(ClientContext, "base64").toString();
    const { payload, failed } = await this.#run(FunctionName, target, body, randomUUID(), context);
    return {
      StatusCode: 200,
      $metadata: {},
      Payload: Buffer.from(payload) as never,
      ...(failed ? { FunctionError: "Unhandled" } : {}),
    };
  }

  async #handleEvent(name: string, target: Deployed, body: Buffer): Promise<void> {
    const requestId = randomUUID();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (!(await this.#run(name, target, body, requestId, undefined)).failed) break;
    }
    if (--this.#events === 0) this.#whenSettled?.();
  }

  /** One invocation on an instance that nothing else runs on. */
  async #run(
    name: string,
    target: Deployed,
    body: Buffer,
    requestId: string,
    clientContext: string | undefined,
  ): Promise<Answer> {
    const instance = target.idle.pop() ?? (await this.#start(target.options));
    const { timeouts, app } = this.#options;
    const timeout = (timeouts?.[target.options.root] ?? app.config?.timeout ?? 60) * 1000;
    const end = performance.now() + timeout;
    const context = {
      awsRequestId: requestId,
      invokedFunctionArn: `${REGION}:${name}:r${this.#release}`,
      functionName: name,
      functionVersion: String(this.#release),
      memoryLimitInMB: "128",
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: "stream",
      clientContext: clientContext === undefined ? undefined : (JSON.parse(clientContext) as unknown),
      identity: undefined,
      xRayTraceId: "Root=1-0-0",
      tenantId: undefined,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), timeout);
    });
    const outcome = await Promise.race([answerOf(instance.handler, JSON.parse(body.toString()), context), late]);
    clearTimeout(timer);
    if (outcome === "late" || performance.now() > end) {
      this.#ended.add(instance.source).add(requestId);
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeout / 1000).toFixed(2)} seconds`;
      return { payload: JSON.stringify({ errorType: "Sandbox.Timedout", errorMessage }), failed: true };
    }
    target.idle.push(instance);
    return outcome;
  }

  async #start(options: FusionOptions): Promise<Instance> {
    const source = `${this.#options.module}?platform=${this.#number}&instance=${this.#instances++}`;
    const { serve } = (await load(source)) as { serve: (options: FusionOptions) => Handler };
    return { source, handler: serve(options) };
  }
}

/** What the Node runtime of Lambda makes of a handler's result or error. */
async function answerOf(handler: Handler, event: unknown, context: object): Promise<Answer> {
  try {
    const payload = JSON.stringify((await handler(event, context)) ?? null);
    if (Buffer.byteLength(payload) <= MAX_RESPONSE) return { payload, failed: false };
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE} bytes).`;
    return { payload: JSON.stringify({ errorType: "Function.ResponseSizeTooLarge", errorMessage }), failed: true };
  } catch (error) {
    return { payload: JSON.stringify(described(error)), failed: true };
  }
}

function described(error: unknown): object {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const stack = error.stack?.split("\n") ?? [];
  return {
    errorType: error.name.replaceAll("\u007F", "%7F"),
    errorMessage: error.message.replaceAll("\u007F", "%7F"),
    trace: stack,
  };
}

export function refusal(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode } });
}
