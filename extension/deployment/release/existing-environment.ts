import type { CallGraph } from "../../core/graph.ts";
import { LIVE, functionName } from "../names.ts";
import type { Target } from "../target.ts";

/**
 * Environment that a template gives to the existing functions inside one function, the root's first, with the template's
 * placeholders filled in: names of functions are those of this deployment.
 */
export function existingEnvironment(
  tasks: readonly string[],
  graph: CallGraph,
  app: string,
  target: Pick<Target, "stage" | "region">,
): Record<string, string> {
  const known = new Map(graph.tasks.map((task) => [task.name, task.lambda]));
  const environment: Record<string, string> = {};
  for (const task of tasks.toReversed()) Object.assign(environment, known.get(task)?.environment);
  const fill = (value: string): string =>
    value
      // An account's number is not known before the deployment; a name does wherever an ARN does.
      .replace(/arn:\$\{AWS::Partition\}:lambda:\$\{AWS::Region\}:\$\{AWS::AccountId\}:function:(?=\$\{fn:)/g, "")
      .replace(
        /\$\{fn:([\w-]+)\}(:live)?/g,
        (_match, task: string, live?: string) => functionName(app, target.stage, task) + (live ? `:${LIVE}` : ""),
      )
      .replaceAll("${AWS::StackName}", `${app}-${target.stage}`)
      .replaceAll("${AWS::Region}", target.region ?? "us-east-1")
      .replaceAll("${AWS::Partition}", "aws")
      .replaceAll("${AWS::URLSuffix}", "amazonaws.com");
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
}
