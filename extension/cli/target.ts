/** Options of the command line -> the target they mean, completed by what was chosen for the app before. */
import { createInterface } from "node:readline/promises";
import { loadApp } from "../application/app.ts";
import { completeChoice, type KeptChoice } from "../application/targets.ts";
import type { App } from "../application/types.ts";
import { UserError } from "../core/errors.ts";
import type { AppConfig } from "../core/setup.ts";
import { resolveTarget, type Target } from "../deployment/index.ts";
import type { Parsed } from "./usage.ts";

export interface Chosen {
  app: App & { config: AppConfig };
  choice: KeptChoice;
  target: Target;
}

export function choiceOf(options: Parsed["options"]): KeptChoice {
  const { endpoint, region, stage, role, policies, urls, architecture } = options;
  const profile = options["aws-profile"];
  const permissionsBoundary = options["permissions-boundary"];
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(stage !== undefined && { stage }),
    ...(profile !== undefined && { profile }),
    ...(role !== undefined && { role }),
    ...(policies !== undefined && { policies }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...(urls !== undefined && { urls }),
    ...(architecture !== undefined && { architecture }),
  };
}

/** @throws UserError `app-errors` where not even the app's name is known, and what `resolveTarget` throws. */
export async function chosenTarget(folder: string, options: Parsed["options"]): Promise<Chosen> {
  const app = await loadApp(folder);
  const { config } = app;
  if (!config) throw new UserError("app-errors", "fusionize.json cannot be used.", "Run: fusionize graph <app> for its errors.");
  const choice = await completeChoice(app, choiceOf(options));
  return { app: { ...app, config }, choice, target: await resolveTarget(choice) };
}

/** `account 123456789012, eu-central-1, stage dev, profile work` */
export function placeText(target: Pick<Target, "region" | "stage" | "profile" | "endpoint">, account?: string): string {
  const { region, stage, profile, endpoint } = target;
  const parts = [
    account !== undefined && account !== "" && `account ${account}`,
    region,
    `stage ${stage}`,
    profile !== undefined && `profile ${profile}`,
    endpoint !== undefined && `endpoint ${endpoint}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** @throws UserError `no-consent` when it is not given, or nobody can be asked. */
export async function consent(question: string, options: Parsed["options"], signal: AbortSignal): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY)
    throw new UserError("no-consent", "Nothing was changed: nobody could be asked.", "Pass --yes to go on without asking.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("no-consent", "Nothing was changed.");
  } finally {
    terminal.close();
  }
}
