import type { Connection } from "../endpoint/connection.ts";
import { deleteLogGroup, readLogGroups } from "../endpoint/log-groups.ts";
import { deleteRole } from "../endpoint/roles.ts";
import { logGroupName, roleName } from "../names.ts";
import { pool } from "../pool.ts";
import type { Action, DestroyOptions } from "../types.ts";
import { deleteFunction } from "./prune.ts";
import { readState } from "./state.ts";

const WIDTH = 5;

/** Removes everything of an app's stage; says what stays and why. Never touches what does not carry our tags. */
export async function destroyStage(connection: Connection, app: string, { logs = false }: DestroyOptions): Promise<Action[]> {
  const { stage, region, roles } = connection.target;
  const { signal, progress } = connection.work;
  const [state, groups] = await Promise.all([readState(connection, app, stage), readLogGroups(connection, app, stage)]);
  const names = [...state.functions.keys()];
  const actions: Action[] = [];
  await pool(names, WIDTH, async (name) => {
    signal?.throwIfAborted();
    await deleteFunction(connection, name);
    actions.push({ kind: "delete", resource: `function ${name}`, reason: "asked for" });
    progress?.(`Deleted ${name}`, actions.length / names.length);
  });
  if (roles === "managed") {
    await pool(names, WIDTH, async (name) => {
      const role = roleName(name, region);
      const was = await deleteRole(connection, role, { app, stage });
      if (was) actions.push({ kind: "delete", resource: `role ${role}`, reason: "asked for" });
    });
  }
  for (const name of state.foreign)
    actions.push({ kind: "keep", resource: `function ${name}`, reason: "not made by Fusionize for this app" });
  const foreign = new Set([...state.foreign].map(logGroupName));
  await pool([...groups.keys()].sort(), WIDTH, async (name) => {
    const ours = !foreign.has(name);
    if (logs && ours) await deleteLogGroup(connection, name);
    const reason = ours ? (logs ? "asked for" : "logs are kept unless they are asked for") : "not made by Fusionize for this app";
    actions.push({ kind: logs && ours ? "delete" : "keep", resource: `log group ${name}`, reason });
  });
  return actions;
}
