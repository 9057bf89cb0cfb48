/** Functions of a Serverless Framework service, `serverless.yml`. */
import type { Diagnostic, Severity } from "../../core/graph.ts";
import { TASK_NAME } from "../../core/task-name.ts";
import { oldRuntime, supported } from "./runtimes.ts";
import { isRecord, plainText, text, type Path, type TemplateDocument } from "./document.ts";
import { functionArn, functionToken, plainPath, type Declared, type DeclaredFunction } from "./declared.ts";
import { Intrinsics } from "./intrinsics.ts";

/** The framework's own defaults, which are not Lambda's. */
const DEFAULTS = { timeout: 6, memory: 1024, runtime: "nodejs24.x", stage: "dev" } as const;
/** Variables may hold variables. */
const DEEPEST = 20;

export function declaredInService(document: TemplateDocument): Declared {
  const root = isRecord(document.root) ? document.root : {};
  const part = (value: unknown, key: string): Record<string, unknown> => {
    const found = isRecord(value) ? value[key] : undefined;
    return isRecord(found) ? found : {};
  };
  const provider = part(root, "provider");
  const declared = part(root, "functions");
  const diagnostics: Diagnostic[] = [];
  const report = (path: Path, severity: Severity, code: string, message: string): void => {
    diagnostics.push({ ...document.at(path), severity, code, message });
  };
  let gap: string | undefined;

  /** The value that a variable stands for; undefined where it is not known here. */
  const variable = (expression: string, depth: number): unknown => {
    const options = expression.split(/,(?![^(]*\))/).map((one) => one.trim());
    for (const option of options) {
      const quoted = /^(['"])(.*)\1$/.exec(option);
      if (quoted) return quoted[2];
      const [source, key] = option.split(/:(.*)/s);
      const found =
        source === "self"
          ? resolve(at(root, key ?? ""), depth + 1)
          : option === "sls:stage" || option === "opt:stage"
            ? (resolve(provider["stage"], depth + 1) ?? DEFAULTS.stage)
            : option === "aws:region" || option === "opt:region"
              ? "${AWS::Region}"
              : option === "aws:accountId"
                ? "${AWS::AccountId}"
                : /^-?[\d.]+$|^(?:true|false)$/.test(option)
                  ? option
                  : undefined;
      if (found !== undefined) return found;
    }
    gap ??= `\${${expression}}`;
    return undefined;
  };
  const resolve = (value: unknown, depth = 0): unknown => {
    if (depth > DEEPEST) return undefined;
    if (Array.isArray(value)) return value.map((item) => resolve(item, depth + 1));
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, depth + 1)]));
    if (typeof value !== "string") return value;
    let whole: unknown = value;
    // From the inside out: the innermost variable holds no other.
    for (let i = 0; i < DEEPEST && typeof whole === "string"; i++) {
      const match = /\$\{(?!AWS::|fn:)([^${}]*)\}/.exec(whole);
      if (!match) return whole;
      const found = variable(match[1]!, depth);
      if (found === undefined) return undefined;
      if (match[0] === whole) whole = found;
      else whole = whole.slice(0, match.index) + plainText(found) + whole.slice(match.index + match[0].length);
    }
    return whole;
  };

  const service = plainText(resolve(isRecord(root["service"]) ? root["service"]["name"] : root["service"]) ?? "service");
  const stage = plainText(resolve(provider["stage"]) ?? DEFAULTS.stage);
  /** In the framework's CloudFormation a function `createOrder` is `CreateOrderLambdaFunction`. */
  const logical = new Map(
    Object.keys(declared).map((name) => {
      const plain = name.replaceAll("-", "Dash").replaceAll("_", "Underscore");
      return [`${plain.charAt(0).toUpperCase()}${plain.slice(1)}LambdaFunction`, name];
    }),
  );
  const resources = part(part(root, "resources"), "Resources");
  const intrinsics = new Intrinsics({
    parameters: {},
    mappings: {},
    conditions: {},
    resources,
    refOf: (id) => {
      const name = logical.get(id);
      if (name !== undefined) return functionToken(name);
      const properties = part(resources[id], "Properties");
      const own = ["TableName", "BucketName", "TopicName", "QueueName", "Name"].find((key) => key in properties);
      return isRecord(resources[id]) ? plainText((own === undefined ? undefined : resolve(properties[own])) ?? id) : undefined;
    },
    attributeOf(id, attribute) {
      const name = logical.get(id);
      return name !== undefined && attribute === "Arn" ? functionArn(name) : this.refOf(id);
    },
  });

  const functions: DeclaredFunction[] = [];
  for (const [name, written] of Object.entries(declared)) {
    const path: Path = ["functions", name];
    if (!isRecord(written)) continue;
    const outside = (why: string): void =>
      report(path, "information", "function-outside", `${name} ${why}: it is not part of the app, and calls of it go to AWS.`);
    const given = plainText(resolve(written["runtime"] ?? provider["runtime"]) ?? DEFAULTS.runtime);
    const runtime = supported(given);
    const handler = text(resolve(written["handler"]));
    if (written["image"] !== undefined) outside("is a container image");
    else if (!runtime.startsWith("nodejs")) outside(`runs on ${runtime}, not on Node.js`);
    else if (handler === undefined) outside("has no handler");
    else if (!TASK_NAME.test(name)) outside("has a name that no task can have");
    else {
      if (runtime !== given) report(path, "information", "runtime-old", oldRuntime(name, given, runtime));
      const environment: Record<string, string> = {};
      for (const [where, variables] of [
        [["provider", "environment"], provider["environment"]],
        [[...path, "environment"], written["environment"]],
      ] as [Path, unknown][]) {
        for (const [key, value] of Object.entries(isRecord(variables) ? variables : {})) {
          gap = undefined;
          intrinsics.gaps = [];
          const found = intrinsics.text(resolve(value));
          if (found !== undefined) environment[key] = found;
          else {
            const message = `${key} depends on ${gap ?? intrinsics.gaps[0] ?? "a value"}, which only a deployment knows: write it under “environment” in fusionize.json.`;
            report([...where, key], "information", "template-unresolved", message);
          }
        }
      }
      if (written["layers"] !== undefined || provider["layers"] !== undefined) {
        report(
          [...path, "layers"],
          "warning",
          "layers",
          `${name} has layers: what they hold is not bundled. Install those packages in the app's folder.`,
        );
      }
      const process: Record<string, string> = { Runtime: JSON.stringify(runtime) };
      for (const key of ["role", "vpc", "layers", "ephemeralStorageSize", "architecture", "reservedConcurrency"]) {
        const value = resolve(written[key] ?? (key === "reservedConcurrency" ? undefined : provider[key]));
        if (value !== undefined)
          process[key === "reservedConcurrency" ? "ReservedConcurrentExecutions" : key] = JSON.stringify(value);
      }
      const attempts = resolve(written["maximumRetryAttempts"]);
      const remoteOnly =
        written["onError"] !== undefined
          ? "it has a dead-letter queue"
          : written["destinations"] !== undefined
            ? "it has a destination"
            : attempts !== undefined && Number(attempts) < 2
              ? `it is retried ${plainText(attempts)} times`
              : undefined;
      functions.push({
        name,
        range: document.at(path),
        handler: plainPath(handler),
        handlerRange: document.at([...path, "handler"]),
        codeUri: "",
        entryPoints: [],
        runtime,
        timeout: Number(resolve(written["timeout"] ?? provider["timeout"]) ?? DEFAULTS.timeout),
        memory: Number(resolve(written["memorySize"] ?? provider["memorySize"]) ?? DEFAULTS.memory),
        environment,
        names: [plainText(resolve(written["name"]) ?? `${service}-${stage}-${name}`)],
        events: (Array.isArray(written["events"]) ? (written["events"] as unknown[]) : []).map((event) =>
          describe(resolve(event)),
        ),
        ...(remoteOnly === undefined ? {} : { remoteOnly }),
        process,
      });
    }
  }
  return { functions, diagnostics: [...document.diagnostics, ...diagnostics] };
}

function describe(event: unknown): string {
  if (typeof event === "string") return event;
  if (!isRecord(event)) return "event";
  const [[type, value] = ["event", undefined]] = Object.entries(event);
  if (typeof value === "string") return type.startsWith("http") ? value : type === "schedule" ? value : `${type} ${value}`;
  if (!isRecord(value)) return type;
  if (type.startsWith("http")) return `${plainText(value["method"] ?? "any").toUpperCase()} ${plainText(value["path"] ?? "/")}`;
  return type === "schedule" ? plainText(value["rate"] ?? type) : type;
}

function at(root: unknown, path: string): unknown {
  let value = root;
  for (const step of path.split(".")) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isRecord(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}
