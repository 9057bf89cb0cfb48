import { task } from "fusionize";

export const render = task("render", async (paid: { customer: string; total: number; reference: string }) => {
  return `${paid.customer} paid ${(paid.total / 100).toFixed(2)} (${paid.reference})`;
});
