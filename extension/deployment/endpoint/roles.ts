import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { UserError } from "../../core/errors.ts";
import { pool } from "../pool.ts";
import { roleName, TAGS } from "../names.ts";
import type { DesiredApp, DesiredFunction } from "../release/desired.ts";
import type { Action } from "../types.ts";
import type { Connection } from "./connection.ts";
import { identityOf, partitionOf } from "./identity.ts";
import { policyOf, TRUST_POLICY, samePolicy } from "./policy.ts";
import { found, patiently } from "./retry.ts";

/** Name of the one inline policy of a role. */
const POLICY = "fusionize";
const WIDTH = 5;

/** What has to be done to the execution roles. */
export interface RolePlan {
  arnOf: (desired: DesiredFunction) => string;
  actions: Action[];
  apply(): Promise<void>;
  /** Takes away the roles of functions that go. */
  remove(functionNames: readonly string[]): Promise<void>;
}

export async function planRoles(connection: Connection, desired: DesiredApp): Promise<RolePlan> {
  const { roles } = connection.target;
  if (roles !== "managed") {
    return { arnOf: () => roles.arn, actions: [], apply: async () => {}, remove: async () => {} };
  }
  const { account } = await identityOf(connection);
  const { region } = connection.target;
  const place = { partition: partitionOf(region), region, account };
  const wanted = desired.functions.map((one) => {
    const siblings = new Map(desired.functions.map(({ root, functionName }) => [root, functionName]));
    const callees = one.calls.flatMap((task) => siblings.get(task) ?? []);
    return { name: roleName(one.functionName, region), policy: policyOf(one.logGroup, callees, place) };
  });
  const existing = await pool(wanted, WIDTH, ({ name }) => readRole(connection, name, desired));
  const actions = wanted.map(({ name, policy }, index): Action => {
    const role = existing[index];
    const resource = `role ${name}`;
    if (!role) return { kind: "create", resource, reason: "may write its own log and call its own callees" };
    if (!isUpToDate(connection, role, policy)) return { kind: "update", resource, reason: "calls or policies changed" };
    return { kind: "keep", resource, reason: "unchanged" };
  });
  return {
    arnOf: ({ functionName }) => `arn:${place.partition}:iam::${account}:role/${roleName(functionName, region)}`,
    actions,
    async apply() {
      await pool(wanted, WIDTH, async ({ name, policy }, index) => {
        const role = existing[index];
        if (role && isUpToDate(connection, role, policy)) return;
        await writeRole(connection, name, policy, role, desired);
      });
    },
    async remove(functionNames) {
      await pool(functionNames, WIDTH, (name) => deleteRole(connection, roleName(name, region), desired));
    },
  };
}

interface ExistingRole {
  policy: string | undefined;
  attached: string[];
}

/** @throws UserError `foreign-role` when a role of that name is not ours. */
async function readRole(
  connection: Connection,
  RoleName: string,
  owner: { app: string; stage: string },
): Promise<ExistingRole | undefined> {
  const iam = connection.iam();
  const role = (await found(patiently(connection, (options) => iam.send(new GetRoleCommand({ RoleName }), options))))?.Role;
  if (!role) return undefined;
  const tags = new Map(role.Tags?.map(({ Key, Value }) => [Key, Value]));
  if (tags.get(TAGS.app) !== owner.app || tags.get(TAGS.stage) !== owner.stage) {
    const message = `The role ${RoleName} exists already and was not made by Fusionize for app ${owner.app}, stage ${owner.stage}.`;
    throw new UserError("foreign-role", message, "Choose another stage, or delete the role yourself.");
  }
  const inline = await found(
    patiently(connection, (options) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: POLICY }), options)),
  );
  const attached: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) if (PolicyArn !== undefined) attached.push(PolicyArn);
  }
  return { policy: inline?.PolicyDocument && decodeURIComponent(inline.PolicyDocument), attached };
}

function isUpToDate({ target }: Connection, role: ExistingRole, policy: string): boolean {
  return samePolicy(role.policy, policy) && (target.policies ?? []).every((arn) => role.attached.includes(arn));
}

async function writeRole(
  connection: Connection,
  RoleName: string,
  PolicyDocument: string,
  role: ExistingRole | undefined,
  owner: { app: string; stage: string },
): Promise<void> {
  const iam = connection.iam();
  const { permissionsBoundary, policies = [] } = connection.target;
  if (!role) {
    const create = new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: TRUST_POLICY,
      Description: `Execution role of a function of app ${owner.app}, stage ${owner.stage}`,
      Tags: [
        { Key: TAGS.app, Value: owner.app },
        { Key: TAGS.stage, Value: owner.stage },
      ],
      ...(permissionsBoundary !== undefined && { PermissionsBoundary: permissionsBoundary }),
    });
    await patiently(connection, (options) => iam.send(create, options)).catch(async (error: unknown) => {
      // A repeated request whose first answer was lost; if the role is somebody else's, reading it says so.
      if (!(error instanceof Error) || !error.name.startsWith("EntityAlreadyExists")) throw error;
      await readRole(connection, RoleName, owner);
    });
  }
  await patiently(connection, (options) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY, PolicyDocument }), options),
  );
  for (const PolicyArn of policies.filter((arn) => !role?.attached.includes(arn))) {
    await patiently(connection, (options) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }), options));
  }
}

/** Also takes off what was attached, by us or by hand: a role cannot go before. Leaves alone what is not ours. */
export async function deleteRole(
  connection: Connection,
  RoleName: string,
  owner: { app: string; stage: string },
): Promise<boolean> {
  const iam = connection.iam();
  const role = await readRole(connection, RoleName, owner).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (!role) return false;
  for (const PolicyArn of role.attached) {
    await found(patiently(connection, (options) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), options)));
  }
  await found(
    patiently(connection, (options) => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: POLICY }), options)),
  );
  await found(patiently(connection, (options) => iam.send(new DeleteRoleCommand({ RoleName }), options)));
  return true;
}
