/** Requests -> the IAM actions that AWS asks for, after the service models' paths. */
import type { Seen } from "./proxy.ts";

const LAMBDA: [RegExp, string][] = [
  [/^POST \/\S+\/functions$/, "CreateFunction"],
  [/^GET \/\S+\/functions$/, "ListFunctions"],
  [/^GET \/\S+\/functions\/[^/]+$/, "GetFunction"],
  [/^DELETE \/\S+\/functions\/[^/]+$/, "DeleteFunction"],
  [/^PUT \S+\/code$/, "UpdateFunctionCode"],
  [/^PUT \S+\/configuration$/, "UpdateFunctionConfiguration"],
  [/^POST \S+\/versions$/, "PublishVersion"],
  [/^GET \S+\/versions$/, "ListVersionsByFunction"],
  [/^POST \S+\/aliases$/, "CreateAlias"],
  [/^GET \S+\/aliases$/, "ListAliases"],
  [/^GET \S+\/aliases\/[^/]+$/, "GetAlias"],
  [/^PUT \S+\/aliases\/[^/]+$/, "UpdateAlias"],
  [/^DELETE \S+\/aliases\/[^/]+$/, "DeleteAlias"],
  [/^PUT \S+\/event-invoke-config$/, "PutFunctionEventInvokeConfig"],
  [/^GET \S+\/url$/, "GetFunctionUrlConfig"],
  [/^POST \S+\/url$/, "CreateFunctionUrlConfig"],
  [/^PUT \S+\/url$/, "UpdateFunctionUrlConfig"],
  [/^DELETE \S+\/url$/, "DeleteFunctionUrlConfig"],
  [/^POST \S+\/policy$/, "AddPermission"],
  [/^DELETE \S+\/policy\/[^/]+$/, "RemovePermission"],
];

export function iamActions(seen: readonly Seen[]): string[] {
  const actions = new Set<string>();
  for (const { method, operation } of seen) {
    if (operation.startsWith("/")) {
      const name = LAMBDA.find(([pattern]) => pattern.test(`${method} ${operation}`))?.[1];
      if (name === undefined) throw new Error(`what is ${method} ${operation}?`);
      actions.add(`lambda:${name}`);
    } else if (operation === "GetCallerIdentity") actions.add("sts:GetCallerIdentity");
    else if (/LogGroup|RetentionPolicy|TagsForResource|LogEvents/.test(operation)) actions.add(`logs:${operation}`);
    else actions.add(`iam:${operation}`);
  }
  return [...actions].sort();
}
