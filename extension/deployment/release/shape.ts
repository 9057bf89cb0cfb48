/** What a published version of a function is made of; two versions with the same shape behave the same. */
export interface FunctionShape {
  codeSha256: string;
  /** MB. */
  memory: number;
  /** Seconds. */
  timeout: number;
  runtime: string;
  handler: string;
  architecture: string;
  /** ARN of the execution role. */
  role: string;
  environment: Record<string, string>;
}

/** Names of the fields that differ, in words for people: `code`, `memory 128 → 512 MB`, `environment (A, B)`. */
export function differences(from: FunctionShape, to: FunctionShape): string[] {
  const found: string[] = [];
  if (from.codeSha256 !== to.codeSha256) found.push("code");
  if (from.memory !== to.memory) found.push(`memory ${from.memory} → ${to.memory} MB`);
  if (from.timeout !== to.timeout) found.push(`timeout ${from.timeout} → ${to.timeout} s`);
  if (from.runtime !== to.runtime) found.push(`runtime ${from.runtime} → ${to.runtime}`);
  if (from.handler !== to.handler) found.push(`handler ${from.handler} → ${to.handler}`);
  if (from.architecture !== to.architecture) found.push(`architecture ${from.architecture} → ${to.architecture}`);
  if (from.role !== to.role) found.push("role");
  const variables = changedVariables(from.environment, to.environment);
  if (variables.length > 0) found.push(`environment (${variables.join(", ")})`);
  return found;
}

/** Set by every release on the functions that clients invoke; says nothing about the app itself. */
export const RELEASE_VARIABLES = { release: "FUSIONIZE_RELEASE", setup: "FUSIONIZE_SETUP" } as const;

/** The same without what merely names the release. */
export function withoutRelease(shape: FunctionShape): FunctionShape {
  const environment = { ...shape.environment };
  for (const name of Object.values(RELEASE_VARIABLES)) delete environment[name];
  return { ...shape, environment };
}

function changedVariables(from: Record<string, string>, to: Record<string, string>): string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => from[name] !== to[name]).sort();
}
