import { UserError } from "../../core/errors.ts";
import { namePrefix } from "../names.ts";
import type { DesiredApp } from "./desired.ts";
import type { DeployedState } from "./state.ts";

/**
 * A function that has a name of ours but not our tags belongs to somebody else.
 * @throws UserError `foreign-function` before anything has been changed.
 */
export function refuseForeign({ app, stage, functions }: DesiredApp, { foreign }: DeployedState): void {
  const taken = functions.map(({ functionName }) => functionName).filter((name) => foreign.has(name));
  if (taken.length === 0) return;
  throw new UserError(
    "foreign-function",
    `${taken.join(", ")} exists already and was not made by Fusionize for app ${app}, stage ${stage}. It was not touched.`,
    `Choose another stage or app name than those that give ${namePrefix(app, stage)}…, or delete the function yourself.`,
  );
}
