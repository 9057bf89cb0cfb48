import { invalidParameter, validation } from "./errors.ts";

/** Collects violations of the service model and throws them together, worded as AWS does. */
export class Constraints {
  private readonly found: string[] = [];

  text(
    member: string,
    value: string | undefined,
    limits: { least?: number; most?: number; pattern?: RegExp; shown?: string; oneOf?: readonly string[] },
  ): void {
    if (value === undefined) return;
    if (typeof value !== "string") return this.add(member, JSON.stringify(value), "Member must be a string");
    if (limits.most !== undefined && value.length > limits.most)
      this.add(member, value, `Member must have length less than or equal to ${limits.most}`);
    if (limits.least !== undefined && value.length < limits.least)
      this.add(member, value, `Member must have length greater than or equal to ${limits.least}`);
    if (limits.pattern !== undefined && !limits.pattern.test(value))
      this.add(member, value, `Member must satisfy regular expression pattern: ${limits.shown ?? limits.pattern.source}`);
    if (limits.oneOf !== undefined && !limits.oneOf.includes(value))
      this.add(member, value, `Member must satisfy enum value set: [${limits.oneOf.join(", ")}]`);
  }

  /** A list of at least `least` and at most `most` texts, each within `limits`. */
  list(member: string, value: string[] | undefined, most: number, limits: { least?: number; most?: number }, least = 0): void {
    if (value === undefined) return;
    if (value.length < least)
      this.add(member, `[${value.join(", ")}]`, `Member must have length greater than or equal to ${least}`);
    if (value.length > most) this.add(member, `[${value.join(", ")}]`, `Member must have length less than or equal to ${most}`);
    for (const [index, item] of value.entries()) this.text(`${member}.${index + 1}.member`, item, limits);
  }

  number(member: string, value: number | undefined, least: number, most: number): void {
    if (value === undefined) return;
    if (typeof value !== "number" || !Number.isInteger(value))
      return this.add(member, JSON.stringify(value), "Member must be an integer");
    if (value < least) this.add(member, String(value), `Member must have value greater than or equal to ${least}`);
    if (value > most) this.add(member, String(value), `Member must have value less than or equal to ${most}`);
  }

  required(member: string, value: unknown): void {
    if (value === undefined || value === null) this.add(member, "null", "Member must not be null");
  }

  /** Throws ValidationException if anything was found. */
  check(): void {
    if (this.found.length === 0) return;
    throw validation(
      `${this.found.length} validation error${this.found.length > 1 ? "s" : ""} detected: ${this.found.join("; ")}`,
    );
  }

  private add(member: string, value: string, constraint: string): void {
    this.found.push(
      value === "null" && constraint.startsWith("Member must not")
        ? `Value null at '${member}' failed to satisfy constraint: ${constraint}`
        : `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
    );
  }
}

/** Runtimes the emulator runs: Node by its own channel, custom ones by the Runtime API. */
export const runtimes = ["nodejs22.x", "nodejs24.x", "nodejs26.x", "provided.al2023", "provided.al2"] as const;
const known = [
  "nodejs22.x",
  "nodejs24.x",
  "nodejs26.x",
  "java25",
  "java21",
  "java17",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "dotnet10",
  "dotnet8",
  "ruby3.4",
  "ruby3.3",
  "provided.al2",
  "provided.al2023",
];
const deprecated =
  /^(nodejs(4\.3|6\.10|8\.10|10\.x|12\.x|14\.x|16\.x|18\.x|20\.x)?|python(2\.7|3\.[6-9])|java8(\.al2)?|java11|ruby(2\.[57]|3\.2)|dotnetcore[\d.]+|dotnet6|go1\.x|provided)$/;

/** Throws the service's error for runtimes it does not know or no longer takes, and one of its form for those that only AWS runs. */
export function checkRuntime(runtime: string | undefined): void {
  if (runtime === undefined)
    throw invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (deprecated.test(runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  if (!known.includes(runtime))
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${known.join(", ")}] or be a valid ARN`,
    );
  if (!(runtimes as readonly string[]).includes(runtime))
    throw invalidParameter(`The runtime ${runtime} is not supported by this emulator. It runs ${runtimes.join(", ")}.`);
}

/** Throws when the compact JSON of the variables is over 4 KB, or a name is out of pattern. */
export function checkEnvironment(variables: Record<string, string> | undefined): void {
  if (variables === undefined) return;
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[a-zA-Z]([a-zA-Z0-9_])+$/.test(name)) {
      throw validation(
        `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`,
      );
    }
    if (typeof value !== "string")
      throw validation(
        `1 validation error detected: Value at 'environment.variables.${name}' failed to satisfy constraint: Member must be a string`,
      );
    if (reservedNames.has(name)) {
      throw invalidParameter(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
      );
    }
  }
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > 4096) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${text}`,
    );
  }
}

const reservedNames = new Set([
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);
