/** Accepting a setup: a minimal edit of `fusionize.json` that keeps comments and formatting. */
import { readFile } from "node:fs/promises";
import { applyEdits, editSetup, newConfigText } from "../core/config-edit.ts";
import type { FusionSetup } from "../core/setup.ts";
import type { App } from "./types.ts";
import { writeWhole } from "./whole-file.ts";

/** Edits that turn the text of `fusionize.json` into one that says `setup`; for a missing file the whole text. */
export function acceptEdits(
  app: App,
  setup: FusionSetup,
  text: string | undefined,
): { offset: number; length: number; text: string }[] {
  if (text === undefined) return [{ offset: 0, length: 0, text: newConfigText(app.config?.app ?? "app", setup) }];
  return editSetup(text, app.setup, setup);
}

/** Writes the setup into the file, whole or not at all. */
export async function writeSetup(app: App, setup: FusionSetup): Promise<void> {
  const text = await readFile(app.setupFile, "utf8").catch(() => undefined);
  await writeWhole(app.setupFile, applyEdits(text ?? "", acceptEdits(app, setup, text)));
}
