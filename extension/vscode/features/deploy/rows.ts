/** What the Deployment view shows, as rows: the plan that waits for consent, or what is deployed. Pure. */
import type { Action, Deployment, Plan, ReleaseView } from "../../../deployment/index.ts";

/** What is known of one app's deployment; nothing is asked of AWS to show it. */
export interface DeploymentState {
  stage: string;
  /** `account 123456789012, eu-central-1, profile work`. */
  place: string;
  plan?: { plan: Plan; estimate: string; waiting: boolean };
  releases?: readonly ReleaseView[];
  deployment?: Deployment;
  /** After destroying: what stayed. */
  left?: readonly Action[];
}

export interface Row {
  /** Unique among its siblings, stable over refreshes. */
  id: string;
  label: string;
  description?: string;
  /** Codicon. */
  icon: string;
  /** What menus go by. */
  context?: "url" | "plan" | "release";
  /** Of a `url` row. */
  url?: string;
  children?: Row[];
  expanded?: boolean;
}

const KINDS = [
  { kind: "create", label: "Create", icon: "diff-added" },
  { kind: "update", label: "Update", icon: "diff-modified" },
  { kind: "delete", label: "Delete", icon: "diff-removed" },
  { kind: "keep", label: "Keep", icon: "pass" },
] as const;

const ICONS: Record<string, string> = {
  function: "symbol-function",
  log: "output",
  role: "key",
  alias: "symbol-reference",
  release: "tag",
  url: "link",
};

export function stateRows({ stage, place, plan, releases, deployment, left }: DeploymentState): Row[] {
  return [
    { id: "place", label: stage, description: place, icon: "cloud" },
    ...(plan ? planRows(plan.plan, plan.estimate, plan.waiting) : []),
    ...(releases ?? []).toReversed().map(releaseRow),
    ...(deployment ? deployedRows(deployment) : []),
    ...(left ? leftRows(left) : []),
  ];
}

export function planRows({ actions, drift }: Pick<Plan, "actions" | "drift">, estimate: string, waiting = true): Row[] {
  const changes = actions.filter(({ kind }) => kind !== "keep").length;
  const groups = KINDS.flatMap(({ kind, label, icon }): Row[] => {
    const own = actions.filter((action) => action.kind === kind);
    if (own.length === 0) return [];
    return [
      {
        id: `plan-${kind}`,
        label,
        description: String(own.length),
        icon,
        children: own.map(actionRow),
        expanded: kind !== "keep",
      },
    ];
  });
  return [
    {
      id: "plan",
      label: "Plan",
      description: changes === 0 ? "nothing to change" : `${changes} ${changes === 1 ? "change" : "changes"}`,
      icon: "checklist",
      ...(waiting && { context: "plan" as const }),
      expanded: true,
      children: [
        ...groups,
        ...drift.map(({ resource, message }, index): Row => ({
          id: `drift-${index}`,
          label: resource,
          description: message,
          icon: "warning",
        })),
        { id: "estimate", label: estimate, icon: "graph" },
      ],
    },
  ];
}

/** `function shop-dev-price` and `log group /aws/lambda/shop-dev-price` in a narrow side bar: the name first. */
function actionRow({ resource, reason }: Action): Row {
  const [, what = "", name = resource] = /^(log group|\w+) (.+)$/.exec(resource) ?? [];
  const icon = ICONS[what.split(" ")[0] ?? ""] ?? "circle";
  return { id: resource, label: name.replace(/^\/aws\/lambda\//, ""), description: `${what}: ${reason}`, icon };
}

function releaseRow({ name, live, complete, functions, setupId, at }: ReleaseView): Row {
  const words = [
    live && "live",
    !complete && "cut off",
    `${functions} functions`,
    setupId !== undefined && `setup ${setupId}`,
    at !== undefined && at.slice(0, 16).replace("T", " "),
  ];
  return {
    id: `release ${name}`,
    label: name,
    description: words.filter(Boolean).join(", "),
    icon: live ? "pass-filled" : complete ? "tag" : "warning",
    context: "release",
  };
}

function deployedRows({ functions, entries }: Deployment): Row[] {
  const urls = Object.entries(entries).map(([task, { functionName, qualifier, url }]): Row => {
    const label = url ?? `${functionName}:${qualifier}`;
    return {
      id: `entry ${task}`,
      label,
      description: task,
      icon: "link",
      ...(url !== undefined && { context: "url" as const, url }),
    };
  });
  const rows = functions.map(({ root, functionName, version, memory, codeSize }): Row => ({
    id: `function ${root}`,
    label: functionName,
    description: `version ${version}, ${memory} MB, ${Math.ceil(codeSize / 1000)} KB`,
    icon: "symbol-function",
  }));
  return [
    ...urls,
    { id: "functions", label: "Functions", description: String(functions.length), icon: "package", children: rows },
  ];
}

function leftRows(left: readonly Action[]): Row[] {
  const kept = left.filter(({ kind }) => kind === "keep");
  const description = kept.length === 0 ? "nothing is left" : `${kept.length} left`;
  return [{ id: "left", label: "Destroyed", description, icon: "trash", expanded: true, children: kept.map(actionRow) }];
}

/** `3 to create, 1 to update` */
export function summary(actions: readonly Action[]): string {
  const counts = KINDS.filter(({ kind }) => kind !== "keep").map(
    ({ kind }) => [kind, actions.filter((one) => one.kind === kind).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} to ${kind}`)
    .join(", ");
}
