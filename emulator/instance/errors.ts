/** An error as the Lambda runtime client for Node reports it. */
export interface ErrorDescription {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** Errors of the runtime itself, named `Runtime.…`. */
export class RuntimeError extends Error {
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
    this.name = errorType;
  }
}

/** Describes whatever was thrown: an Error by name, message and stack; anything else by its type and text. */
export function describeError(thrown: unknown): ErrorDescription {
  try {
    if (isError(thrown)) {
      const errorType = thrown instanceof RuntimeError ? thrown.errorType : thrown.name;
      return { errorType: errorType, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
      trace: [],
    };
  }
}

/** Also errors of another realm (vm contexts), which are not instances of this one's Error. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
