/**
 * Where an app is deployed to, chosen once: `.fusionize/targets.json` keeps the choice for each stage, shared by editor and
 * terminal. Names and places only: credentials stay where the AWS SDK finds them.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { DEFAULT_STAGE, type TargetChoice } from "../deployment/resolve-target.ts";
import type { App } from "./types.ts";
import { writeWhole } from "./whole-file.ts";

/** What is kept of a choice. */
const kept = z.object({
  profile: z.string().optional(),
  region: z.string().optional(),
  endpoint: z.string().optional(),
  role: z.string().optional(),
  policies: z.array(z.string()).optional(),
  permissionsBoundary: z.string().optional(),
  urls: z.enum(["iam", "public", "none"]).optional(),
  architecture: z.enum(["x86_64", "arm64"]).optional(),
});
const file = z.object({
  /** The stage chosen last. */
  stage: z.string(),
  stages: z.record(z.string(), kept),
});

export type KeptChoice = Omit<TargetChoice, "env">;
export type KeptTargets = z.infer<typeof file>;

const FOLDER = ".fusionize";
const NAME = "targets.json";

/** What cannot be read or understood counts as not chosen yet. */
export async function keptTargets({ folder }: Pick<App, "folder">): Promise<KeptTargets> {
  try {
    return file.parse(JSON.parse(await readFile(join(folder, FOLDER, NAME), "utf8")));
  } catch {
    return { stage: DEFAULT_STAGE, stages: {} };
  }
}

/** What is given now, completed by what was chosen for that stage before. */
export async function completeChoice(app: Pick<App, "folder">, given: KeptChoice): Promise<KeptChoice> {
  const known = await keptTargets(app);
  const stage = given.stage ?? known.stage;
  const before = known.stages[stage] ?? {};
  // An endpoint of one's own and an AWS profile belong together: who names a new one of either does not mean the other's.
  const { profile, endpoint, ...rest } = before;
  const samePlace = given.endpoint === undefined && given.profile === undefined;
  return { ...rest, ...(samePlace && { profile, endpoint }), ...definite(given), stage };
}

/** Keeps the choice as that of its stage, and the stage as the one chosen last. */
export async function keepChoice({ folder }: Pick<App, "folder">, choice: KeptChoice): Promise<void> {
  const known = await keptTargets({ folder });
  const { stage = DEFAULT_STAGE, ...rest } = choice;
  const next: KeptTargets = { stage, stages: { ...known.stages, [stage]: kept.parse(definite(rest)) } };
  if (JSON.stringify(next) === JSON.stringify(known)) return;
  const place = join(folder, FOLDER);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {});
  await writeWhole(join(place, NAME), `${JSON.stringify(next, undefined, 2)}\n`);
}

/** Without what is not said. */
function definite(choice: KeptChoice): KeptChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}
