import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { logGroupName, namePrefix } from "../names.ts";
import type { Connection } from "./connection.ts";
import { found, patiently } from "./retry.ts";

/** Days that logs are kept. Another number of days that somebody has set is left as it is. */
export const LOG_RETENTION_DAYS = 14;

/** Log groups of an app's stage, as far as names tell: name -> days that logs are kept, undefined = forever. */
export async function readLogGroups(
  { logs, work }: Connection,
  app: string,
  stage: string,
): Promise<Map<string, number | undefined>> {
  const groups = new Map<string, number | undefined>();
  const prefix = logGroupName(namePrefix(app, stage));
  const pages = paginateDescribeLogGroups(
    { client: logs },
    { logGroupNamePrefix: prefix },
    work.signal ? { abortSignal: work.signal } : {},
  );
  for await (const page of pages) {
    for (const { logGroupName: name, retentionInDays } of page.logGroups ?? []) {
      if (name !== undefined) groups.set(name, retentionInDays);
    }
    work.signal?.throwIfAborted();
  }
  return groups;
}

/** Made before the function, which would otherwise make it without retention. */
export async function createLogGroup(connection: Connection, name: string, tags: Record<string, string>): Promise<void> {
  const { logs } = connection;
  try {
    await patiently(connection, (options) => logs.send(new CreateLogGroupCommand({ logGroupName: name, tags }), options));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceAlreadyExistsException") throw error;
  }
  await patiently(connection, (options) =>
    logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: LOG_RETENTION_DAYS }), options),
  );
}

export async function deleteLogGroup(connection: Connection, name: string): Promise<void> {
  const { logs } = connection;
  await found(patiently(connection, (options) => logs.send(new DeleteLogGroupCommand({ logGroupName: name }), options)));
}
