/** The exceptions of the service model this emulator can answer with. */
export type RefusalCode =
  | "DataAlreadyAcceptedException"
  | "InternalServerException"
  | "InvalidOperationException"
  | "InvalidParameterException"
  | "LimitExceededException"
  | "MalformedQueryException"
  | "OperationAbortedException"
  | "ResourceAlreadyExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "ServiceUnavailableException"
  | "TooManyTagsException"
  | "UnknownOperationException"
  | "ValidationException";

/** A refusal as CloudWatch Logs words it: HTTP 400 for the client's mistakes, 500 for the service's own. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Members of the error body beyond `__type` and `message`. */
  readonly members: Record<string, unknown>;

  constructor(code: RefusalCode, message: string, members: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.members = members;
  }

  get status(): number {
    return this.code === "ServiceUnavailableException" || this.code === "InternalServerException" ? 500 : 400;
  }
}

/** The texts recorded from the service, in one place so that they are the same wherever they are sent. */
export const noSuchGroup = () => new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
export const noSuchStream = () => new Refusal("ResourceNotFoundException", "The specified log stream does not exist.");
export const groupExists = () => new Refusal("ResourceAlreadyExistsException", "The specified log group already exists");
export const streamExists = () => new Refusal("ResourceAlreadyExistsException", "The specified log stream already exists");
export const badToken = () => new Refusal("InvalidParameterException", "The specified nextToken is invalid.");
export const invalidParameter = (message: string) => new Refusal("InvalidParameterException", message);
