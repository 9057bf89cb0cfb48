import { invalidParameter } from "../errors.ts";
import type { Settings } from "../model.ts";
import { checkEnvironment, checkRuntime, Constraints } from "../validation.ts";

/** Members of CreateFunction and UpdateFunctionConfiguration that make up the settings, as they come over the wire. */
export interface SettingsRequest {
  Role: string;
  Runtime: string;
  Handler: string;
  Description: string;
  Timeout: number;
  MemorySize: number;
  EphemeralStorage: { Size: number };
  Environment: { Variables?: Record<string, string> };
  Architectures: string[];
  TracingConfig: { Mode?: string };
  DeadLetterConfig: { TargetArn?: string };
  KMSKeyArn: string;
  LoggingConfig: { LogFormat?: "Text" | "JSON"; ApplicationLogLevel?: string; SystemLogLevel?: string; LogGroup?: string };
  Layers: string[];
  VpcConfig: { SubnetIds?: string[] };
  SnapStart: { ApplyOn?: string };
  ImageConfig: object;
  FileSystemConfigs: object[];
  DurableConfig: object;
  TenancyConfig: object;
  CapacityProviderConfig: object;
}

/** Checks a request by the service model. Throws ValidationException and InvalidParameterValueException. */
export function checkSettings(request: Partial<SettingsRequest>): void {
  const constraints = new Constraints();
  constraints.text("role", request.Role, {
    pattern: /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
    shown: String.raw`arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`,
  });
  constraints.text("handler", request.Handler, { most: 128, pattern: /^[^\s]+$/, shown: String.raw`[^\s]+` });
  constraints.text("description", request.Description, { most: 256 });
  constraints.number("timeout", request.Timeout, 1, 900);
  constraints.number("memorySize", request.MemorySize, 128, 10_240);
  constraints.number("ephemeralStorage.size", request.EphemeralStorage?.Size, 512, 10_240);
  constraints.text("tracingConfig.mode", request.TracingConfig?.Mode, { oneOf: ["Active", "PassThrough"] });
  constraints.text("loggingConfig.logFormat", request.LoggingConfig?.LogFormat, { oneOf: ["JSON", "Text"] });
  constraints.text("loggingConfig.applicationLogLevel", request.LoggingConfig?.ApplicationLogLevel, {
    oneOf: ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"],
  });
  constraints.text("loggingConfig.systemLogLevel", request.LoggingConfig?.SystemLogLevel, { oneOf: ["DEBUG", "INFO", "WARN"] });
  constraints.text("loggingConfig.logGroup", request.LoggingConfig?.LogGroup, {
    least: 1,
    most: 512,
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
  });
  if (request.Architectures !== undefined && request.Architectures.length !== 1)
    constraints.list("architectures", request.Architectures, 1, { least: 1 }, 1);
  for (const architecture of request.Architectures ?? [])
    constraints.text("architectures", architecture, { oneOf: ["x86_64", "arm64"] });
  constraints.check();
  if (request.Runtime !== undefined) checkRuntime(request.Runtime);
  checkEnvironment(request.Environment?.Variables);
  refuseUnsupported(request);
}

/** What only AWS has is refused, never silently left out. */
function refuseUnsupported(request: Partial<SettingsRequest>): void {
  const given: [string, boolean][] = [
    ["Layers", (request.Layers ?? []).length > 0],
    ["VpcConfig", (request.VpcConfig?.SubnetIds ?? []).length > 0],
    ["FileSystemConfigs", (request.FileSystemConfigs ?? []).length > 0],
    ["ImageConfig", request.ImageConfig !== undefined],
    ["DurableConfig", request.DurableConfig !== undefined],
    ["TenancyConfig", request.TenancyConfig !== undefined],
    ["CapacityProviderConfig", request.CapacityProviderConfig !== undefined],
  ];
  for (const [name, used] of given) if (used) throw invalidParameter(`${name} is not supported by this emulator.`);
  if (request.SnapStart?.ApplyOn === "PublishedVersions")
    throw invalidParameter(`${request.Runtime ?? "nodejs24.x"} is not supported for SnapStart enabled functions.`);
}

/** The settings after a request, on top of what was before or of AWS's defaults. */
export function mergeSettings(name: string, before: Settings | undefined, request: Partial<SettingsRequest>): Settings {
  const logging = request.LoggingConfig;
  const format = logging?.LogFormat ?? before?.logging.format ?? "Text";
  const settings: Settings = {
    role: request.Role ?? before?.role ?? "",
    runtime: request.Runtime ?? before?.runtime ?? "",
    handler: request.Handler ?? before?.handler ?? "",
    description: request.Description ?? before?.description ?? "",
    timeout: request.Timeout ?? before?.timeout ?? 3,
    memorySize: request.MemorySize ?? before?.memorySize ?? 128,
    ephemeralStorage: request.EphemeralStorage?.Size ?? before?.ephemeralStorage ?? 512,
    environment: request.Environment === undefined ? before?.environment : request.Environment.Variables,
    architectures: request.Architectures ?? before?.architectures ?? ["x86_64"],
    tracingMode: request.TracingConfig?.Mode ?? before?.tracingMode ?? "PassThrough",
    deadLetterArn:
      request.DeadLetterConfig === undefined ? before?.deadLetterArn : request.DeadLetterConfig.TargetArn || undefined,
    kmsKeyArn: request.KMSKeyArn ?? before?.kmsKeyArn,
    logging: { format, group: logging?.LogGroup ?? before?.logging.group ?? `/aws/lambda/${name}` },
  };
  if (format === "JSON") {
    settings.logging.applicationLevel = logging?.ApplicationLogLevel ?? before?.logging.applicationLevel ?? "INFO";
    settings.logging.systemLevel = logging?.SystemLogLevel ?? before?.logging.systemLevel ?? "INFO";
  } else if (logging?.ApplicationLogLevel !== undefined || logging?.SystemLogLevel !== undefined) {
    throw invalidParameter("To set ApplicationLogLevel or SystemLogLevel, LogFormat must be JSON.");
  }
  if (settings.environment !== undefined && Object.keys(settings.environment).length === 0) delete settings.environment;
  return settings;
}
