/**
 * Names of what a deployment makes. They carry no state, so that any deploy of the same app and stage finds what an
 * earlier one made. Limits: function and role names 64 characters, `[A-Za-z0-9-_]` (Lambda and IAM service models).
 */
import { createHash } from "node:crypto";

const LONGEST = 64;

/** Alias that clients of an entry task invoke. */
export const LIVE = "live";

export const TAGS = { app: "fusionize:app", stage: "fusionize:stage", task: "fusionize:task" } as const;

/** Every resource of an app and stage begins with this; not everything that does is ours, only what carries our tags. */
export function namePrefix(app: string, stage: string): string {
  return `${app}-${stage}-`;
}

export function functionName(app: string, stage: string, task: string): string {
  return fitted(`${app}-${stage}-${task}`);
}

/** What `functionName` gives where nothing is cut: what the fusion handler derives from its own name. */
export function isDerivable(app: string, stage: string, task: string): boolean {
  return functionName(app, stage, task) === `${app}-${stage}-${task}`;
}

export function logGroupName(name: string): string {
  return `/aws/lambda/${name}`;
}

/** Roles are global to an account, so two regions need two. */
export function roleName(name: string, region: string): string {
  return fitted(`${name}-${region}`);
}

export function releaseName(number: number): string {
  return `r${number}`;
}

/** Number of a release alias, undefined for any other alias. */
export function releaseNumber(alias: string): number | undefined {
  return /^r[1-9]\d*$/.test(alias) ? Number(alias.slice(1)) : undefined;
}

/** Cut names end in a hash of the whole, so that two long names with the same beginning stay apart. */
function fitted(name: string): string {
  const allowed = name.replace(/[^A-Za-z0-9-_]/g, "-");
  if (allowed === name && name.length <= LONGEST) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${allowed.slice(0, LONGEST - hash.length - 1)}-${hash}`;
}
