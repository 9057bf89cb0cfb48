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
}

let fixed: Record<string, unknown> | undefined;

/** Members that the context has under every version of Node. Those from the environment are read once: looking them up costs more than the rest together. */
export function commonContext(header: InvocationHeader): Record<string, unknown> {
  const { env } = process;
  fixed ??= {
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: env["AWS_LAMBDA_LOG_STREAM_NAME"],
  };
  const { deadline } = header;
  return {
    ...fixed,
    awsRequestId: header.requestId,
    invokedFunctionArn: header.arn,
    clientContext: parse(header.clientContext),
    identity: parse(header.identity),
    tenantId: undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
