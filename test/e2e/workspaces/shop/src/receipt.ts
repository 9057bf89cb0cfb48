import { task } from "fusionize";

export const receipt = task("receipt", async ({ total }: { total: number }) => {
  console.log(`receipt over ${total}`);
});
