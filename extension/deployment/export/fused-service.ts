import { isMap, isSeq, Scalar, YAMLMap, type Node } from "yaml";
import { mapAt, type TemplateText } from "./template-text.ts";
import { map, mergeEnvironment, ref, type FusedFunction } from "./fused-functions.ts";

/** Puts the bundles into a Serverless Framework service. */
export function fuseService(text: TemplateText, functions: readonly FusedFunction[]): void {
  const plugins = text.read(["plugins"]);
  const bundles = isSeq(plugins) && plugins.items.some((item) => String(item) === "serverless-esbuild");
  for (const one of functions) {
    const path = ["functions", one.task];
    const written = text.read(path);
    if (!isMap(written)) throw new Error(`${one.task} is not in the service`);
    written.set("handler", new Scalar("index.handler"));
    written.set("package", map({ artifact: new Scalar(one.code.replace(/^\.\//, "")) }));
    if (bundles) written.set("skipEsbuild", new Scalar("true"));
    if (written.has("runtime")) written.set("runtime", new Scalar(one.runtime));
    if (one.memory !== undefined) written.set("memorySize", new Scalar(one.memory));
    const environment = mapAt(written, "environment");
    if (environment) {
      const others = one.inside.slice(1).map((task): YAMLMap | undefined => {
        const found = text.read(["functions", task, "environment"]);
        return isMap(found) ? found : undefined;
      });
      mergeEnvironment(environment, others, one);
      if (environment.items.length === 0) written.delete("environment");
    }
    text.replace(path, written);
  }
}

/** The framework's own logical id of a function is made of its key. */
export function nameInService(text: TemplateText, task: string): Node {
  const written = text.read(["functions", task, "name"]);
  const plain = task.replaceAll("-", "Dash").replaceAll("_", "Underscore");
  return written ?? ref(`${plain.charAt(0).toUpperCase()}${plain.slice(1)}LambdaFunction`);
}
