import { task } from "fusionize";
import { render } from "./render.ts";

/** Nobody waits for this one: it is sent an event. */
export const receipt = task("receipt", async (paid: { customer: string; total: number; reference: string }) => {
  const text = await render(paid);
  console.log(text);
});
