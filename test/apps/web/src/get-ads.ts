import { task } from "fusionize";

const ADS = ["Mugs: three for two.", "Light for dark evenings.", "Sit well, work well.", "New in: garden benches."];

/** The same user is shown the same two, so that an answer can be compared with another. */
export const getAds = task("getAds", async ({ userId }: { userId: string }) => {
  const first = Buffer.from(userId).reduce((sum, byte) => sum + byte, 0);
  return { ads: [ADS[first % ADS.length], ADS[(first + 1) % ADS.length]] };
});
