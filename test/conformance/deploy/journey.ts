/** What the tests of the deployer ask an endpoint, past the deployer, with the SDK's own clients. */
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionCommand,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import type { Action, Target } from "../../../extension/deployment/index.ts";

export function targetAt(endpoint: string, overrides: Partial<Target> = {}): Target {
  return {
    kind: "aws",
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    stage: "test",
    roles: "managed",
    environment: {},
    ...overrides,
  };
}

export interface Clients {
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  iam: IAMClient;
  close(): void;
}

export function clientsOf({ endpoint, region, credentials }: Target): Clients {
  const settings = { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
  const clients = { lambda: new LambdaClient(settings), logs: new CloudWatchLogsClient(settings), iam: new IAMClient(settings) };
  return { ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
}

/** Everything that a deployment could have left, as text. */
export async function inventory({ lambda, logs, iam }: Clients, { roles = true } = {}): Promise<string[]> {
  const lines: string[] = [];
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  for (const { FunctionName = "" } of Functions.sort((a, b) => ((a.FunctionName ?? "") < (b.FunctionName ?? "") ? -1 : 1))) {
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    lines.push(`function ${FunctionName} ${Configuration?.MemorySize} MB`);
    const { Aliases = [] } = await lambda.send(new ListAliasesCommand({ FunctionName }));
    for (const alias of Aliases.sort((a, b) => ((a.Name ?? "") < (b.Name ?? "") ? -1 : 1)))
      lines.push(`  ${alias.Name} -> ${alias.FunctionVersion}`);
  }
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  for (const { logGroupName, retentionInDays } of logGroups) lines.push(`log group ${logGroupName} ${retentionInDays} days`);
  if (roles)
    lines.push(...((await iam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => `role ${RoleName}`).sort());
  return lines;
}

export async function versionsOf({ lambda }: Clients, FunctionName: string): Promise<string[]> {
  const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  return Versions.map(({ Version }) => Version ?? "").filter((version) => version !== "$LATEST");
}

/** Actions other than `keep`, in words. */
export function changes(actions: readonly Action[]): string[] {
  return actions.filter(({ kind }) => kind !== "keep").map(({ kind, resource, reason }) => `${kind} ${resource} (${reason})`);
}
