/** What a task is told about its invocation. */

/** The context object of Lambda's Node runtimes, as of Node 24. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MB; Lambda gives it as text. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext?: unknown;
  readonly identity?: unknown;
  readonly tenantId?: string | undefined;
  readonly xRayTraceId?: string | undefined;
  /** ms until this invocation is ended by force. */
  getRemainingTimeInMillis(): number;
}

/** Where a run of a task stands in its trace. */
export interface TaskTrace {
  /** Shared by everything that one root request causes. */
  readonly id: string;
  /** The span of this run. */
  readonly span: string;
  /** The task that made the call; absent when the request came from outside the app. */
  readonly caller?: string | undefined;
}

/** Lambda's context plus the trace. It is the task's own, whether the call ran inline or remote. */
export interface TaskContext extends LambdaContext {
  readonly trace: TaskTrace;
}

export function isLambdaContext(value: unknown): value is LambdaContext {
  return typeof value === "object" && value !== null && typeof (value as LambdaContext).getRemainingTimeInMillis === "function";
}
