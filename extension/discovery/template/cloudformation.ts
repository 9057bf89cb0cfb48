/** Functions of a SAM or CloudFormation template, one that CDK has synthesised among them. */
import type { Diagnostic, Severity } from "../../core/graph.ts";
import { TASK_NAME } from "../../core/task-name.ts";
import { isRecord, plainText, text, type Path, type TemplateDocument } from "./document.ts";
import { DEFAULTS, functionArn, functionToken, plainPath, type Declared, type DeclaredFunction } from "./declared.ts";
import { describeEvent, sourcesOfPlainTemplate } from "./events.ts";
import { oldRuntime, supported } from "./runtimes.ts";
import { Intrinsics, UNKNOWN, type Scope } from "./intrinsics.ts";

const SAM = "AWS::Serverless::Function";
const PLAIN = "AWS::Lambda::Function";

/** Properties that are the process's: tasks that differ in one cannot share a function. */
const OF_PROCESS = [
  "Runtime",
  "Role",
  "VpcConfig",
  "Layers",
  "FileSystemConfigs",
  "EphemeralStorage",
  "Architectures",
  "ReservedConcurrentExecutions",
  "PermissionsBoundary",
  "TenancyConfig",
] as const;

/** Names that resources are given in their own properties: what `Ref` of them gives. */
const NAME_PROPERTIES = ["TableName", "BucketName", "TopicName", "FunctionName", "StreamName", "StateMachineName", "Name"];

/** `folder` = the template's own folder, relative to the app's; `""` where they are the same. */
export function declaredInTemplate(document: TemplateDocument, folder = ""): Declared {
  const root = isRecord(document.root) ? document.root : {};
  const part = (name: string): Record<string, unknown> => (isRecord(root[name]) ? root[name] : {});
  const resources = part("Resources");
  const diagnostics: Diagnostic[] = [];
  const report = (path: Path, severity: Severity, code: string, message: string): void => {
    diagnostics.push({ ...document.at(path), severity, code, message });
  };
  const isFunction = (id: string): boolean => {
    const type = isRecord(resources[id]) ? resources[id]["Type"] : undefined;
    return type === SAM || type === PLAIN;
  };
  /** The function that an alias or a version belongs to. */
  const behind = (id: string): string | undefined => {
    const resource = resources[id];
    if (!isRecord(resource) || !/^AWS::Lambda::(?:Alias|Version)$/.test(plainText(resource["Type"]))) return undefined;
    const name = isRecord(resource["Properties"]) ? resource["Properties"]["FunctionName"] : undefined;
    const ref = isRecord(name)
      ? (name["Ref"] ?? (Array.isArray(name["Fn::GetAtt"]) ? name["Fn::GetAtt"][0] : undefined))
      : undefined;
    return typeof ref === "string" && isFunction(ref) ? ref : undefined;
  };
  const scope: Scope = {
    parameters: part("Parameters"),
    mappings: part("Mappings"),
    conditions: part("Conditions"),
    resources,
    refOf(id) {
      if (isFunction(id)) return functionToken(id);
      const target = behind(id) ?? (isFunction(id.split(".")[0]!) ? id.split(".")[0]! : undefined);
      if (target !== undefined) return `${functionArn(target)}:live`;
      const resource = resources[id];
      if (!isRecord(resource)) return undefined;
      const properties = isRecord(resource["Properties"]) ? resource["Properties"] : {};
      const named = NAME_PROPERTIES.find((name) => name in properties);
      return (named === undefined ? undefined : intrinsics.text(properties[named])) ?? id;
    },
    attributeOf(id, attribute) {
      if (isFunction(id) && attribute === "Arn") return functionArn(id);
      if (isFunction(id) && attribute === "Alias") return `${functionArn(id)}:live`;
      const target = behind(id);
      if (target !== undefined) return `${functionArn(target)}:live`;
      if (attribute !== "Arn" && !attribute.endsWith("Name")) return undefined;
      return isRecord(resources[id]) ? this.refOf(id) : undefined;
    },
  };
  const intrinsics = new Intrinsics(scope);
  const globals = isRecord(root["Globals"]) && isRecord(root["Globals"]["Function"]) ? root["Globals"]["Function"] : {};
  const sources = sourcesOfPlainTemplate(resources);

  const functions: DeclaredFunction[] = [];
  for (const id of Object.keys(resources)) {
    const resource = resources[id];
    const path: Path = ["Resources", id];
    if (!isRecord(resource)) continue;
    const type = text(resource["Type"]) ?? "";
    if (/^AWS::(?:CloudFormation::Stack|Serverless::Application)$/.test(type)) {
      report(
        path,
        "information",
        "template-nested",
        `${id} is a stack of its own: open its template's folder to see its functions.`,
      );
    }
    if (type !== SAM && type !== PLAIN) continue;
    if (typeof resource["Condition"] === "string" && !intrinsics.holds(resource["Condition"])) continue;
    const own = isRecord(resource["Properties"]) ? resource["Properties"] : {};
    const properties = type === SAM ? withGlobals(globals, own) : own;
    const one = declare(id, path, type, resource, properties);
    if (one) functions.push(one);
  }
  return { functions, diagnostics: [...document.diagnostics, ...diagnostics] };

  function declare(
    name: string,
    path: Path,
    type: string,
    resource: Record<string, unknown>,
    properties: Record<string, unknown>,
  ): DeclaredFunction | undefined {
    const inProperties = (...steps: string[]): Path => [...path, "Properties", ...steps];
    /** A property as text; what cannot be resolved is named. */
    const property = (key: string): string | undefined => {
      if (properties[key] === undefined) return undefined;
      intrinsics.gaps = [];
      const value = intrinsics.text(properties[key]);
      if (value === undefined) {
        report(
          inProperties(key),
          "warning",
          "template-unresolved",
          `${key} of ${name} depends on ${intrinsics.gaps[0] ?? "a value"} that only a deployment knows: its default is taken.`,
        );
      }
      return value;
    };
    const outside = (why: string): undefined => {
      report(path, "information", "function-outside", `${name} ${why}: it is not part of the app, and calls of it go to AWS.`);
      return undefined;
    };
    if (properties["PackageType"] === "Image" || properties["ImageUri"] !== undefined) return outside("is a container image");
    const written = property("Runtime") ?? DEFAULTS.runtime;
    const runtime = supported(written);
    if (runtime !== written) report(path, "information", "runtime-old", oldRuntime(name, written, runtime));
    if (!runtime.startsWith("nodejs")) return outside(`runs on ${runtime}, not on Node.js`);
    if (properties["InlineCode"] !== undefined || (isRecord(properties["Code"]) && properties["Code"]["ZipFile"] !== undefined)) {
      return outside("has its code in the template");
    }
    if (properties["DurableConfig"] !== undefined) return outside("is a durable function");
    if (!TASK_NAME.test(name)) return outside("has a name that is too long");
    const handler = property("Handler");
    if (handler === undefined) return outside("has no Handler");
    const code = codeFolder(type, resource, properties);
    if (code === undefined) return outside("has its code in a bucket");

    const environment: Record<string, string> = {};
    const variables = isRecord(properties["Environment"]) ? properties["Environment"]["Variables"] : undefined;
    for (const [key, value] of Object.entries(isRecord(variables) ? variables : {})) {
      intrinsics.gaps = [];
      const resolved = intrinsics.resolve(value);
      if (resolved === undefined) continue;
      if (typeof resolved !== "object" && typeof resolved !== "symbol") environment[key] = plainText(resolved);
      else {
        const gap = intrinsics.gaps[0] ?? "a value";
        const message = `${key} of ${name} depends on ${gap}, which only a deployment knows: write it under “environment” in fusionize.json.`;
        report(inProperties("Environment", "Variables", key), "information", "template-unresolved", message);
      }
    }
    if (properties["Layers"] !== undefined) {
      const message = `${name} has layers: what they hold is not bundled. Install those packages in the app's folder.`;
      report(inProperties("Layers"), "warning", "layers", message);
    }
    const functionName = property("FunctionName");
    const events = [
      ...Object.entries(isRecord(properties["Events"]) ? properties["Events"] : {}).map(([, event]) => describeEvent(event)),
      ...(properties["FunctionUrlConfig"] === undefined ? [] : ["function URL"]),
      ...(sources.get(name) ?? []),
    ];
    const remoteOnly = reasonToStayRemote(properties);
    const process: Record<string, string> = {};
    for (const key of OF_PROCESS) {
      const value = properties[key] === undefined ? undefined : intrinsics.resolve(properties[key]);
      if (value !== undefined) process[key] = value === UNKNOWN ? JSON.stringify(properties[key]) : JSON.stringify(value);
    }
    process["Runtime"] = JSON.stringify(runtime);
    return {
      name,
      range: document.at(path),
      handler,
      handlerRange: document.at(own(path) ? inProperties("Handler") : path),
      codeUri: plainPath(`${folder}/${code}`),
      entryPoints: entryPointsOf(resource),
      runtime,
      timeout: numberOf(property("Timeout"), DEFAULTS.timeout),
      memory: numberOf(property("MemorySize"), DEFAULTS.memory),
      environment,
      names: functionName === undefined ? [] : [functionName],
      events,
      ...(remoteOnly === undefined ? {} : { remoteOnly }),
      process,
    };
  }

  function own(path: Path): boolean {
    const resource = resources[String(path[1])];
    return isRecord(resource) && isRecord(resource["Properties"]) && "Handler" in resource["Properties"];
  }

  function codeFolder(type: string, resource: Record<string, unknown>, properties: Record<string, unknown>): string | undefined {
    const metadata = isRecord(resource["Metadata"]) ? resource["Metadata"] : {};
    const asset = text(metadata["aws:asset:path"]);
    if (asset !== undefined) return asset;
    const value = type === SAM ? (properties["CodeUri"] ?? ".") : properties["Code"];
    const resolved = intrinsics.text(value);
    return resolved === undefined || resolved.startsWith("s3:") ? undefined : resolved;
  }
}

function numberOf(value: string | undefined, otherwise: number): number {
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) && number > 0 ? number : otherwise;
}

function entryPointsOf(resource: Record<string, unknown>): string[] {
  const metadata = isRecord(resource["Metadata"]) ? resource["Metadata"] : {};
  const build = isRecord(metadata["BuildProperties"]) ? metadata["BuildProperties"] : {};
  return Array.isArray(build["EntryPoints"]) ? build["EntryPoints"].filter((one) => typeof one === "string") : [];
}

/** What the platform does with events that fail, beyond its defaults, is done for the function that the event is for. */
function reasonToStayRemote(properties: Record<string, unknown>): string | undefined {
  if (properties["DeadLetterQueue"] !== undefined || properties["DeadLetterConfig"] !== undefined)
    return "it has a dead-letter queue";
  const config = properties["EventInvokeConfig"];
  if (!isRecord(config)) return undefined;
  if (config["DestinationConfig"] !== undefined) return "it has a destination";
  const attempts = config["MaximumRetryAttempts"];
  return attempts !== undefined && Number(attempts) < 2 ? `it is retried ${plainText(attempts)} times` : undefined;
}

/** SAM's rule: maps are merged, lists put together, anything else is the function's own if it has one. */
function withGlobals(globals: unknown, own: unknown): Record<string, unknown> {
  const merged = Object.create(null) as Record<string, unknown>;
  const [common, special] = [isRecord(globals) ? globals : {}, isRecord(own) ? own : {}];
  for (const key of new Set([...Object.keys(common), ...Object.keys(special)])) {
    const [a, b] = [common[key], special[key]];
    if (!(key in special)) merged[key] = a;
    else if (isPlain(a) && isPlain(b)) merged[key] = withGlobals(a, b);
    else if (Array.isArray(a) && Array.isArray(b)) merged[key] = [...(a as unknown[]), ...(b as unknown[])];
    else merged[key] = b;
  }
  return merged;
}

/** A map that is not an intrinsic function. */
function isPlain(value: unknown): boolean {
  return isRecord(value) && !Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));
}
