import type { Outcome } from "../outcome.ts";
export async function journey(_artifacts: string, _options: { short: boolean }): Promise<Outcome[]> {
  throw new Error("not there yet");
}
