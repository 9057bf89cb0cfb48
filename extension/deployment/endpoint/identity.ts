import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Connection } from "./connection.ts";
import { patiently } from "./retry.ts";

export interface Identity {
  /** 12 digits. */
  account: string;
  /** Of the user or role whose credentials are used. */
  arn: string;
}

export async function identityOf(connection: Connection): Promise<Identity> {
  const sts = connection.sts();
  const { Account = "", Arn = "" } = await patiently(connection, (options) =>
    sts.send(new GetCallerIdentityCommand({}), options),
  );
  return { account: Account, arn: Arn };
}

/** `aws`, or that of China, of the US government, of the European Sovereign Cloud. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("eusc-") ? "aws-eusc" : "aws";
}
