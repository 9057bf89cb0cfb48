import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { logGroupName, namePrefix, TAGS } from "../names.ts";
import type { Connection } from "./connection.ts";
import { found, patiently } from "./retry.ts";

/** Days that logs are kept. Another number of days that somebody has set is left as it is. */
export const LOG_RETENTION_DAYS = 14;

export interface LogGroup {
  /** That logs are kept; undefined = forever. */
  days: number | undefined;
  /** Without the `:*` that other operations want. */
  arn: string;
}

/** Whose a log group is. */
export interface Owner {
  app: string;
  stage: string;
}

/** Log groups of an app's stage, as far as names tell: those of a stage `a-b` have the prefix of stage `a` as well. */
export async function readLogGroups({ logs, work }: Connection, app: string, stage: string): Promise<Map<string, LogGroup>> {
  const groups = new Map<string, LogGroup>();
  const prefix = logGroupName(namePrefix(app, stage));
  const pages = paginateDescribeLogGroups(
    { client: logs },
    { logGroupNamePrefix: prefix },
    work.signal ? { abortSignal: work.signal } : {},
  );
  for await (const page of pages) {
    for (const { logGroupName: name, retentionInDays: days, logGroupArn, arn = "" } of page.logGroups ?? []) {
      if (name !== undefined) groups.set(name, { days, arn: logGroupArn ?? arn.replace(/:\*$/, "") });
    }
    work.signal?.throwIfAborted();
  }
  return groups;
}

/** True when the deployer made the group for this app and stage; what it did not make, it neither changes nor deletes. */
export async function isOwnLogGroup(connection: Connection, resourceArn: string, { app, stage }: Owner): Promise<boolean> {
  const request = new ListTagsForResourceCommand({ resourceArn });
  const answer = await found(patiently(connection, (options) => connection.logs.send(request, options)));
  return answer?.tags?.[TAGS.app] === app && answer.tags[TAGS.stage] === stage;
}

/** Made before the function, which would otherwise make it without retention. One that exists already is not touched, unless it is ours. */
export async function createLogGroup(connection: Connection, name: string, arn: string, owner: Owner): Promise<void> {
  const { logs } = connection;
  const tags = { [TAGS.app]: owner.app, [TAGS.stage]: owner.stage };
  try {
    await patiently(connection, (options) => logs.send(new CreateLogGroupCommand({ logGroupName: name, tags }), options));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceAlreadyExistsException") throw error;
    if (!(await isOwnLogGroup(connection, arn, owner))) return;
  }
  await patiently(connection, (options) =>
    logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: LOG_RETENTION_DAYS }), options),
  );
}

export async function deleteLogGroup(connection: Connection, name: string): Promise<void> {
  const { logs } = connection;
  await found(patiently(connection, (options) => logs.send(new DeleteLogGroupCommand({ logGroupName: name }), options)));
}
