/** Deployment of an app to any Lambda endpoint: the emulator, AWS, or another implementation. */
export { bundle, createBundler } from "./bundle/bundler.ts";
export { BundleError } from "./bundle/failures.ts";
export type { BundledFunction, Bundler } from "./bundle/types.ts";
export { createDeployer, deploy, deployerPolicyFor, destroy, listReleases, plan, rollback, type Deployer } from "./deployer.ts";
export type { Exported, ExportOptions } from "./export/export.ts";
export type { BesideOptions, ExportedBeside } from "./export/beside.ts";
export type { TemplateFormat } from "./export/template.ts";
export type { Identity } from "./endpoint/identity.ts";
export { listProfiles, type Profile } from "./endpoint/profiles.ts";
export { functionName, logGroupName, LIVE } from "./names.ts";
export type { Drift } from "./release/drift.ts";
export type { RolledBack } from "./release/rollback.ts";
export { DEFAULT_STAGE, identify, resolveTarget, type TargetChoice } from "./resolve-target.ts";
export type { Credentials, Target } from "./target.ts";
export type {
  Action,
  CanaryOptions,
  DeployableApp,
  DeployedFunction,
  Deployment,
  DeployOptions,
  DestroyOptions,
  Plan,
  ReleaseView,
} from "./types.ts";
export { codeSha256, zip } from "./zip.ts";
