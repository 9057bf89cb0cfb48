import type { CpuShare } from "./share.ts";

export function steeredShare(): CpuShare | undefined {
  return undefined;
}
