/** What the emulator says of an invocation. */
export interface InvocationHeader {
  requestId: string;
  arn: string;
  /** Epoch ms. */
  deadline: number;
  traceId: string;
  /** JSON text of the client context; absent on asynchronous invocations. */
  clientContext?: string;
  identity?: string;
  /** The caller takes the response as a stream. */
  streaming?: boolean;
}

/** The context object of the Node 24 runtime: exactly these members. */
export function createContext(header: InvocationHeader): Record<string, unknown> {
  const { env } = process;
  return {
    awsRequestId: header.requestId,
    invokedFunctionArn: header.arn,
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: env["AWS_LAMBDA_LOG_STREAM_NAME"],
    clientContext: parse(header.clientContext),
    identity: parse(header.identity),
    xRayTraceId: header.traceId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => Math.max(0, header.deadline - Date.now()),
  };
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
