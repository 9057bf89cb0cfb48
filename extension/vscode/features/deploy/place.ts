/** Where something is deployed, in the words of every plan, progress and result. */
import type { Target } from "../../../deployment/index.ts";

export function placeOf({ region, stage, profile, endpoint }: Target, account?: string): string {
  const parts = [
    account !== undefined && account !== "" && `account ${account}`,
    region,
    `stage ${stage}`,
    profile !== undefined && `profile ${profile}`,
    endpoint,
  ];
  return parts.filter(Boolean).join(", ");
}
