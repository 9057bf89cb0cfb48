import { createHash } from "node:crypto";
import { task } from "fusionize";

/** Signs the payment: mostly computing, so the memory size decides how long it takes. */
export const payment = task("payment", async ({ customer, total }: { customer: string; total: number }) => {
  if (total <= 0) throw new RangeError("There is nothing to pay.");
  let reference = `${customer} ${total}`;
  for (let round = 0; round < 4_000; round += 1) reference = createHash("sha256").update(reference).digest("hex");
  return { reference: reference.slice(0, 12) };
});
