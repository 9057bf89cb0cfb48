import { loadApp } from "../../application/app.ts";
import { measuredProfile } from "../../application/suggest.ts";
import type { Run } from "../main.ts";

export const run: Run = async ({ app: folder, options }, { output }) => {
  const app = await loadApp(folder!);
  const { profile, notes } = await measuredProfile(app, options.target ?? "local");
  for (const note of notes) process.stderr.write(`${note}\n`);
  output.answer(profile, () => JSON.stringify(profile, undefined, 2));
};
