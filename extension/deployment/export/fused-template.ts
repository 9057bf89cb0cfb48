import { isMap, isScalar, Scalar, YAMLMap, type Node } from "yaml";
import type { TemplateText } from "./template-text.ts";
import { mapAt } from "./template-text.ts";
import { list, map, mergeEnvironment, mergePolicies, ref, type FusedFunction } from "./fused-functions.ts";
import { quoted } from "./template-text.ts";

const SAM = "AWS::Serverless::Function";
/** Told to the build of `sam` and CDK: there is nothing to build any more. */
const BUILD_METADATA = /^(?:BuildMethod|BuildProperties|aws:asset:.*|SamResourceId|DockerTag|Dockerfile.*)$/;

/** Puts the bundles into a SAM or CloudFormation template, one that CDK has synthesised among them. */
export function fuseTemplate(text: TemplateText, functions: readonly FusedFunction[]): void {
  for (const one of functions) {
    const path = ["Resources", one.task];
    const resource = text.read(path);
    if (!isMap(resource)) throw new Error(`${one.task} is not in the template`);
    const properties = mapAt(resource, "Properties");
    if (!properties) throw new Error(`the properties of ${one.task} are no map`);
    const isSam = scalar(resource.get("Type", true)) === SAM;
    const others = one.inside.slice(1).flatMap((task) => {
      const other = text.read(["Resources", task, "Properties"]);
      return isMap(other) ? [other] : [];
    });
    properties.set(isSam ? "CodeUri" : "Code", new Scalar(one.code));
    properties.set("Handler", new Scalar("index.handler"));
    const runtime = scalar(properties.get("Runtime", true)) ?? scalar(text.read(["Globals", "Function", "Runtime"]));
    if (runtime !== undefined && runtime !== one.runtime) properties.set("Runtime", new Scalar(one.runtime));
    if (one.memory !== undefined) properties.set("MemorySize", new Scalar(one.memory));
    mergeVariables(properties, others, one);
    if (isSam && !properties.has("Role")) {
      const policies = mergePolicies(
        properties.get("Policies", true),
        others.map((other) => other.get("Policies", true) as Node | undefined),
      );
      if (policies) properties.set("Policies", policies);
    }
    const metadata = resource.get("Metadata", true);
    if (isMap(metadata)) {
      metadata.items = metadata.items.filter(({ key }) => !BUILD_METADATA.test(String(scalar(key))));
      if (metadata.items.length === 0) resource.delete("Metadata");
    }
    text.replace(path, resource);
  }
}

function mergeVariables(properties: YAMLMap, others: readonly YAMLMap[], one: FusedFunction): void {
  const environment = mapAt(properties, "Environment");
  const variables = environment && mapAt(environment, "Variables");
  // Chosen by a condition as a whole: nothing can be put into it.
  if (!variables) return;
  mergeEnvironment(
    variables,
    others.map((other) => {
      const found = other.getIn(["Environment", "Variables"], true);
      return isMap(found) ? found : undefined;
    }),
    one,
  );
  if (variables.items.length === 0) environment.delete("Variables");
  if (environment.items.length === 0) properties.delete("Environment");
}

/** What tells a function's name in the template: its own `FunctionName`, else a reference, which waits for the function. */
export function nameIn(text: TemplateText, task: string, alias: boolean): Node {
  const properties = ["Resources", task, "Properties"];
  const plain = text.read([...properties, "FunctionName"]) ?? ref(task);
  const published = alias ? text.read([...properties, "AutoPublishAlias"]) : undefined;
  const name = published ? map({ "Fn::Join": list(quoted(":"), list(plain, published)) }) : plain;
  const condition = scalar(text.read(["Resources", task, "Condition"]));
  return condition === undefined ? name : map({ "Fn::If": list(new Scalar(condition), name, quoted("")) });
}

function scalar(node: unknown): string | undefined {
  return isScalar(node) && node.tag === undefined ? String(node.value) : undefined;
}
