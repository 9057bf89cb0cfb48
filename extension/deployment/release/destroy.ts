import type { Connection } from "../endpoint/connection.ts";
import { deleteLogGroup, isOwnLogGroup, readLogGroups } from "../endpoint/log-groups.ts";
import { deleteRole } from "../endpoint/roles.ts";
import { logGroupName, roleName } from "../names.ts";
import { pool } from "../pool.ts";
import type { Action, DestroyOptions } from "../types.ts";
import { deleteFunction } from "./prune.ts";
import { readState } from "./state.ts";

const WIDTH = 5;
const FOREIGN = "not made by Fusionize for this app";

/** Removes everything of an app's stage; says what stays and why. Never touches what does not carry our tags. */
export async function destroyStage(connection: Connection, app: string, { logs = false }: DestroyOptions): Promise<Action[]> {
  const { stage, region, roles } = connection.target;
  const { signal, progress } = connection.work;
  progress?.("Looking for what is there");
  const [state, groups] = await Promise.all([readState(connection, app, stage), readLogGroups(connection, app, stage)]);
  const owned = await pool([...groups.keys()].sort(), WIDTH, async (name) => {
    const { arn } = groups.get(name)!;
    return { name, own: await isOwnLogGroup(connection, arn, { app, stage }) };
  });
  const names = [...state.functions.keys(), ...state.broken.keys()].sort();
  const actions: Action[] = [];
  await pool(names, WIDTH, async (name) => {
    signal?.throwIfAborted();
    await deleteFunction(connection, name);
    actions.push({ kind: "delete", resource: `function ${name}`, reason: "asked for" });
    progress?.(`Deleted ${name}`, actions.length / names.length);
  });
  if (roles === "managed") {
    // A deploy or destroy that was cut off may have left a role without its function; its log group was made before it.
    const orphans = owned.filter(({ own }) => own).map(({ name }) => name.slice(logGroupName("").length));
    await pool([...new Set([...names, ...orphans])], WIDTH, async (name) => {
      signal?.throwIfAborted();
      const role = roleName(name, region);
      const was = await deleteRole(connection, role, { app, stage });
      if (was) actions.push({ kind: "delete", resource: `role ${role}`, reason: "asked for" });
    });
  }
  for (const name of state.foreign) actions.push({ kind: "keep", resource: `function ${name}`, reason: FOREIGN });
  await pool(owned, WIDTH, async ({ name, own }) => {
    signal?.throwIfAborted();
    if (logs && own) await deleteLogGroup(connection, name);
    const reason = own ? (logs ? "asked for" : "logs are kept unless they are asked for") : FOREIGN;
    actions.push({ kind: logs && own ? "delete" : "keep", resource: `log group ${name}`, reason });
  });
  return actions;
}
