/** Which folders of a workspace are apps, by the files found in it. Pure. */

/** Templates that make a folder an existing Lambda application, without a setup file; each has to declare functions. */
export const templateFiles = "**/{template.yaml,template.yml,template.json,serverless.yml,serverless.yaml,serverless.json}";
/** What CDK has synthesised belongs to the folder above. */
export const synthesisedFiles = "**/cdk.out/*.template.json";

/**
 * Folders with a setup file, and those with a template that no app's folder is above of: a nested stack belongs to the app
 * around it. Paths are absolute and separated as `separator` says.
 */
export function appFolders(setupFiles: readonly string[], templates: readonly string[], separator = "/"): string[] {
  const above = (path: string): string => path.slice(0, path.lastIndexOf(separator));
  const folders = new Set(setupFiles.map(above));
  const candidates = templates.map((path) => above(path).replace(/[\\/]cdk\.out$/, ""));
  for (const folder of candidates.sort((a, b) => a.length - b.length)) {
    if (![...folders].some((app) => folder === app || folder.startsWith(app + separator))) folders.add(folder);
  }
  return [...folders].sort();
}
