import { functionArn } from "../model.ts";
import type { FunctionRecord, Place, Version } from "../model.ts";

/** FunctionConfiguration as AWS answers it. `qualified` adds the version to the ARN; listings leave out state. */
export function configuration(
  place: Place,
  record: FunctionRecord,
  version: Version,
  how: { qualified?: boolean; listed?: boolean } = {},
): Record<string, unknown> {
  const { settings, code } = version;
  const state =
    how.listed === true
      ? {}
      : {
          ...stateMembers(version),
          RuntimeVersionConfig: { RuntimeVersionArn: `arn:aws:lambda:${place.region}::runtime:${"0".repeat(64)}` },
        };
  return {
    FunctionName: record.name,
    FunctionArn: functionArn(place, record.name, how.qualified === true ? version.version : undefined),
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: version.lastModified,
    CodeSha256: code.sha256,
    Version: version.version,
    ...(settings.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    ...(settings.environment === undefined ? {} : { Environment: { Variables: settings.environment } }),
    ...(settings.kmsKeyArn === undefined ? {} : { KMSKeyArn: settings.kmsKeyArn }),
    TracingConfig: { Mode: settings.tracingMode },
    RevisionId: version.revisionId,
    PackageType: "Zip",
    Architectures: settings.architectures,
    EphemeralStorage: { Size: settings.ephemeralStorage },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: {
      LogFormat: settings.logging.format,
      LogGroup: settings.logging.group,
      ...(settings.logging.format === "JSON"
        ? { ApplicationLogLevel: settings.logging.applicationLevel, SystemLogLevel: settings.logging.systemLevel }
        : {}),
    },
    ...state,
  };
}

function stateMembers(version: Version): Record<string, unknown> {
  if (version.state === "Pending")
    return { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" };
  const update = version.update ?? "Successful";
  const reason =
    update === "InProgress"
      ? { LastUpdateStatusReason: "The function is being created.", LastUpdateStatusReasonCode: "Creating" }
      : {};
  return { State: version.state, LastUpdateStatus: update, ...reason };
}
