/** Entry of `dist/backend/deploying.mjs`: plans and deployments on AWS. Loaded when the first of them is asked for. */
export { startAws, changing } from "../../application/aws-run.ts";
export { estimateMonthly, estimateText } from "../../application/estimate.ts";
export { completeChoice, keepChoice, keptTargets } from "../../application/targets.ts";
export { destroy, identify, listProfiles, listReleases, resolveTarget, rollback } from "../../deployment/index.ts";
