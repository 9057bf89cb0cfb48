/** An error as the Lambda API puts it on the wire. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, body: Record<string, unknown>, headers: Record<string, string> = {}) {
    const text = body["message"] ?? body["Message"];
    super(typeof text === "string" ? text : code);
    this.status = status;
    this.code = code;
    this.body = body;
    this.headers = headers;
  }
}

// The casing of the message member differs by exception on AWS, so it does here.
export const notFound = (text: string): ServiceError =>
  new ServiceError(404, "ResourceNotFoundException", { Type: "User", Message: text });
export const conflict = (text: string): ServiceError =>
  new ServiceError(409, "ResourceConflictException", { Type: "User", message: text });
export const invalidParameter = (text: string): ServiceError =>
  new ServiceError(400, "InvalidParameterValueException", { Type: "User", message: text });
export const validation = (text: string): ServiceError => new ServiceError(400, "ValidationException", { message: text });
export const invalidContent = (text: string): ServiceError =>
  new ServiceError(400, "InvalidRequestContentException", { Type: "User", message: text });
export const invokeTooLarge = (limit: number): ServiceError =>
  new ServiceError(413, "RequestTooLargeException", {
    Type: "User",
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  });
export const entityTooLarge = (text: string): ServiceError =>
  new ServiceError(413, "RequestEntityTooLargeException", { Type: "User", message: text });
export const accessDenied = (text: string | null): ServiceError =>
  new ServiceError(403, "AccessDeniedException", { Message: text });
export const serviceFailure = (text: string): ServiceError =>
  new ServiceError(500, "ServiceException", { Type: "Service", Message: text });
export const preconditionFailed = (): ServiceError =>
  new ServiceError(412, "PreconditionFailedException", {
    Type: "User",
    message:
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
  });

/** Why a request was throttled. */
export type ThrottleReason =
  | "ConcurrentInvocationLimitExceeded"
  | "ReservedFunctionConcurrentInvocationLimitExceeded"
  | "FunctionInvocationRateLimitExceeded"
  | "ReservedFunctionInvocationRateLimitExceeded";

export const tooManyRequests = (reason: ThrottleReason): ServiceError =>
  new ServiceError(
    429,
    "TooManyRequestsException",
    { Type: "User", message: "Rate Exceeded.", Reason: reason },
    { "retry-after": "1" },
  );
