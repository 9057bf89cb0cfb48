import { ServiceError } from "./errors.ts";

/** What a member of a request may hold. */
type Shape =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "any"
  | { list: Shape }
  | { map: Shape }
  | { members: Record<string, Shape> };

const texts = { list: "string" } as const;
const destination = { members: { Destination: "string" } } as const;
const strings =
  "FunctionName Role Runtime Handler Description PackageType KMSKeyArn RevisionId ZipFile S3Bucket S3Key S3ObjectVersion ImageUri CodeSha256 Name FunctionVersion StatementId Action Principal SourceArn SourceAccount PrincipalOrgID EventSourceToken FunctionUrlAuthType AuthType InvokeMode RecursiveLoop Policy";

/** Members of all requests of the Lambda API that this emulator reads; a name means the same in each of them. Types from the service model. */
const request: Record<string, Shape> = {
  ...Object.fromEntries(strings.split(" ").map((name) => [name, "string"] as const)),
  Timeout: "integer",
  MemorySize: "integer",
  ReservedConcurrentExecutions: "integer",
  ProvisionedConcurrentExecutions: "integer",
  MaximumRetryAttempts: "integer",
  MaximumEventAgeInSeconds: "integer",
  Publish: "boolean",
  DryRun: "boolean",
  InvokedViaFunctionUrl: "boolean",
  Architectures: texts,
  Layers: texts,
  Tags: { map: "string" },
  Code: { members: { ZipFile: "string", S3Bucket: "string", S3Key: "string", S3ObjectVersion: "string", ImageUri: "string" } },
  Environment: { members: { Variables: { map: "string" } } },
  EphemeralStorage: { members: { Size: "integer" } },
  TracingConfig: { members: { Mode: "string" } },
  DeadLetterConfig: { members: { TargetArn: "string" } },
  LoggingConfig: {
    members: { LogFormat: "string", ApplicationLogLevel: "string", SystemLogLevel: "string", LogGroup: "string" },
  },
  VpcConfig: { members: { SubnetIds: texts, SecurityGroupIds: texts, Ipv6AllowedForDualStack: "boolean" } },
  SnapStart: { members: { ApplyOn: "string" } },
  ImageConfig: "any",
  FileSystemConfigs: { list: "any" },
  DurableConfig: "any",
  TenancyConfig: "any",
  CapacityProviderConfig: "any",
  RoutingConfig: { members: { AdditionalVersionWeights: { map: "number" } } },
  DestinationConfig: { members: { OnSuccess: destination, OnFailure: destination } },
  Cors: {
    members: {
      AllowCredentials: "boolean",
      AllowHeaders: texts,
      AllowMethods: texts,
      AllowOrigins: texts,
      ExposeHeaders: texts,
      MaxAge: "integer",
    },
  },
};

/**
 * The known members of a request; what is null is absent, and what is unknown is left out, as by AWS's own deserialiser. Throws SerializationException where
 * a member has another type than the service model says.
 */
export function readRequest(value: unknown): Record<string, unknown> {
  return read(value, { members: request }) as Record<string, unknown>;
}

function read(value: unknown, shape: Shape): unknown {
  if (shape === "any") return value;
  if (typeof shape === "string") return scalar(value, shape);
  if ("list" in shape) {
    if (!Array.isArray(value)) throw mistyped(value, "a list");
    return value.filter((item) => item !== null).map((item) => read(item, shape.list));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mistyped(value, "a structure");
  const given = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  if ("map" in shape) return Object.fromEntries(given.map(([key, member]) => [key, read(member, shape.map)]));
  return Object.fromEntries(
    given
      .filter(([key]) => Object.hasOwn(shape.members, key))
      .map(([key, member]) => [key, read(member, shape.members[key] as Shape)]),
  );
}

function scalar(value: unknown, shape: "string" | "integer" | "number" | "boolean"): unknown {
  if (shape === "integer" ? Number.isSafeInteger(value) : typeof value === shape) return value;
  throw mistyped(value, `a ${shape}`);
}

function mistyped(value: unknown, wanted: string): ServiceError {
  const found = Array.isArray(value)
    ? "Start of list"
    : typeof value === "object"
      ? "Start of structure or map"
      : `${(typeof value).toUpperCase()}_VALUE`;
  return new ServiceError(400, "SerializationException", { Type: "User", Message: `${found} can not be converted to ${wanted}` });
}
