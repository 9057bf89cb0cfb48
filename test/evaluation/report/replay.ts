/** The model against setups that ran on AWS: published numbers of Fusionize++. */
export function replayTable(): string {
  return "";
}
