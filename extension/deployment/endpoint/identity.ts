import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Connection } from "./connection.ts";
import { patiently } from "./retry.ts";

export interface Identity {
  /** 12 digits. */
  account: string;
  /** Of the user or role whose credentials are used. */
  arn: string;
}

/** Credentials do not change hands while a connection lasts: asked once. */
const known = new WeakMap<Connection, Promise<Identity>>();

export function identityOf(connection: Connection): Promise<Identity> {
  let identity = known.get(connection);
  if (!identity) known.set(connection, (identity = ask(connection)));
  return identity;
}

/** The account that functions go to: where a role is given, its own; nobody is asked. */
export async function accountOf(connection: Connection): Promise<string> {
  const { roles } = connection.target;
  return roles === "managed" ? (await identityOf(connection)).account : (roles.arn.split(":")[4] ?? "");
}

async function ask(connection: Connection): Promise<Identity> {
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
