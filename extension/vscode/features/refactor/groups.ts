/** Which functions can run a task inside, and the setup that makes exactly the chosen ones do so. Pure. */
import type { App } from "../../../application/types.ts";
import type { CallKind } from "../../../core/graph.ts";
import { checkSetup } from "../../../core/resolve.ts";
import type { FunctionSetup, FusionSetup } from "../../../core/setup.ts";

export interface Candidate {
  root: string;
  /** Kinds in which tasks of the function call the task. */
  kinds: CallKind[];
  /** Runs it inside now. */
  member: boolean;
  /** Why it must not: an error of the setup that it would be. */
  refused?: string;
}

/** Functions of which some task calls `task`, the function of the task itself left out. */
export function candidates(app: App, task: string): Candidate[] {
  return app.functions.flatMap(({ root, tasks, inline, inlineAsync }) => {
    if (root === task) return [];
    const calls = app.graph.calls.filter(({ from, to }) => to === task && from !== task && tasks.includes(from));
    const kinds = [...new Set(calls.map(({ kind }) => kind))].sort().toReversed();
    if (kinds.length === 0) return [];
    const member = inline.includes(task) || inlineAsync.includes(task);
    const refused = member ? undefined : refusal(app, withMembers(app, task, new Map([[root, kinds]]), [root]));
    return [{ root, kinds, member, ...(refused !== undefined && { refused }) }];
  });
}

function refusal(app: App, setup: FusionSetup): string | undefined {
  const known = new Set(checkSetup(app.graph, app.setup, app.config?.constraints).map(({ message }) => message));
  const found = checkSetup(app.graph, setup, app.config?.constraints);
  return found.find(({ severity, message }) => severity === "error" && !known.has(message))?.message;
}

/** The current setup, but `task` is inlined in exactly the functions of `chosen`; those not in `among` stay as they are. */
export function moved(app: App, task: string, chosen: ReadonlySet<string>): FusionSetup {
  const all = candidates(app, task);
  const kinds = new Map(all.filter(({ root }) => chosen.has(root)).map((each) => [each.root, each.kinds]));
  return withMembers(
    app,
    task,
    kinds,
    all.map(({ root }) => root),
  );
}

function withMembers(
  app: App,
  task: string,
  chosen: ReadonlyMap<string, readonly CallKind[]>,
  among: readonly string[],
): FusionSetup {
  const setup: FusionSetup = { ...app.setup };
  for (const root of among) {
    const now = setup[root] ?? {};
    const kinds = chosen.get(root) ?? [];
    const next: FunctionSetup = {
      ...now,
      inline: listWith(now.inline, task, kinds.includes("sync")),
      inlineAsync: listWith(now.inlineAsync, task, kinds.includes("async")),
    };
    for (const list of ["inline", "inlineAsync"] as const) if (next[list]?.length === 0 && !now[list]) delete next[list];
    if (Object.hasOwn(setup, root) || kinds.length > 0) setup[root] = next;
  }
  return setup;
}

function listWith(list: readonly string[] = [], task: string, wanted: boolean): string[] {
  if (list.includes(task) === wanted) return [...list];
  return wanted ? [...list, task] : list.filter((name) => name !== task);
}
