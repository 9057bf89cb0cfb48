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
      return {
        errorType: printable(thrown.name),
        errorMessage: printable(thrown.message),
        trace: printable(thrown.stack ?? "").split("\n"),
      };
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

/** DEL does not pass through the headers that an error also travels in. */
const printable = (text: string): string => text.replaceAll("\u007F", "%7F");

/** Also errors of another realm (vm contexts), which are not instances of this one's Error. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
