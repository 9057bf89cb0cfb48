/** Where something is deployed, in the words of every plan, progress and result. */
import type { Target } from "../../../deployment/index.ts";
import type { DeploymentState } from "./rows.ts";

export function placeOf(target: Target, account?: string): string {
  return [`stage ${target.stage}`, ...parts(target, account)].join(", ");
}

/** The same as a row of the Deployment view. */
export function placeRow(target: Target, account?: string): Pick<DeploymentState, "stage" | "place"> {
  return { stage: target.stage, place: parts(target, account).join(", ") };
}

function parts({ region, profile, endpoint }: Target, account: string | undefined): string[] {
  return [
    ...(account === undefined || account === "" ? [] : [`account ${account}`]),
    region,
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    ...(endpoint === undefined ? [] : [endpoint]),
  ];
}
