/** What invokes a function from outside, in words. */
import { isRecord, plainText, text } from "./document.ts";

/** An event of a SAM function. */
export function describeEvent(event: unknown): string {
  if (!isRecord(event)) return "event";
  const properties = isRecord(event["Properties"]) ? event["Properties"] : {};
  const of = (key: string): string => text(properties[key]) ?? "";
  switch (event["Type"]) {
    case "Api":
    case "HttpApi": {
      const method = of("Method").toUpperCase();
      return `${method === "" ? "ANY" : method} ${of("Path") === "" ? "/" : of("Path")}`;
    }
    case "Schedule":
    case "ScheduleV2":
      return of("Schedule") || of("ScheduleExpression") || "schedule";
    default:
      return text(event["Type"]) ?? "event";
  }
}

/** Types of plain resources that invoke functions, and where in them the function stands. */
const SOURCES: Record<string, string> = {
  "AWS::Lambda::EventSourceMapping": "event source",
  "AWS::Events::Rule": "rule",
  "AWS::Scheduler::Schedule": "schedule",
  "AWS::Lambda::Permission": "",
  "AWS::Lambda::Url": "function URL",
  "AWS::ApiGatewayV2::Integration": "HTTP",
  "AWS::ApiGateway::Method": "HTTP",
  "AWS::SNS::Subscription": "SNS",
  "AWS::StepFunctions::StateMachine": "state machine",
  "AWS::Serverless::StateMachine": "state machine",
};

/** Function -> what invokes it, by the resources around it: any that refers to it and is of a type that invokes. */
export function sourcesOfPlainTemplate(resources: Record<string, unknown>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const resource of Object.values(resources)) {
    if (!isRecord(resource)) continue;
    const type = plainText(resource["Type"]);
    if (!Object.hasOwn(SOURCES, type)) continue;
    const properties = isRecord(resource["Properties"]) ? resource["Properties"] : {};
    const label = type === "AWS::Lambda::Permission" ? permission(properties) : SOURCES[type]!;
    if (label === undefined) continue;
    for (const id of references(properties)) {
      const labels = found.get(id) ?? [];
      if (!labels.includes(label)) found.set(id, [...labels, label]);
    }
  }
  return found;
}

/** Whom a permission lets in; another function of the same app needs none. */
function permission(properties: Record<string, unknown>): string | undefined {
  const principal = text(properties["Principal"])?.replace(/\.amazonaws\.com$/, "");
  return principal === "apigateway" ? "HTTP" : principal;
}

function references(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) references(item, into);
  else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "Ref" && typeof item === "string") into.add(item);
      else if (key === "Fn::GetAtt") into.add(Array.isArray(item) ? plainText(item[0]) : plainText(item).split(".")[0]!);
      else if (key === "Fn::Sub") {
        const source = Array.isArray(item) ? plainText(item[0]) : plainText(item);
        for (const match of source.matchAll(/\$\{([A-Za-z0-9]+)/g)) into.add(match[1]!);
      } else references(item, into);
    }
  }
  return into;
}
