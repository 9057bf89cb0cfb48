/** What a setup means for an app: the functions that exist, and what about them cannot work. */
export { byName, resolveFunction, resolveSetup } from "./fusion-groups.ts";
export { checkSetup } from "./check-setup.ts";
export type { SetupFinding } from "./check-setup.ts";
