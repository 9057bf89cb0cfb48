import { task } from "fusionize";

export const payment = task("payment", async ({ total }: { total: number }) => {
  if (total < 0) throw new RangeError("nothing to pay");
  return { paid: total };
});
