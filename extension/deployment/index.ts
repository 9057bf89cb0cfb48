/** Deployment of an app to any Lambda endpoint: the emulator, AWS, or another implementation. */
export { bundle, createBundler } from "./bundle/bundler.ts";
export { BundleError } from "./bundle/failures.ts";
export type { BundledFunction, Bundler } from "./bundle/types.ts";
export { createDeployer, deploy, destroy, listReleases, plan, rollback, type Deployer } from "./deployer.ts";
export { functionName, logGroupName, LIVE } from "./names.ts";
export type { RolledBack } from "./release/rollback.ts";
export type { Credentials, Target } from "./target.ts";
export type {
  Action,
  DeployableApp,
  DeployedFunction,
  Deployment,
  DeployOptions,
  DestroyOptions,
  Plan,
  ReleaseView,
} from "./types.ts";
export { codeSha256, zip } from "./zip.ts";
