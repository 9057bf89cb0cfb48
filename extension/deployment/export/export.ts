import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Bundler } from "../bundle/types.ts";
import type { LongWork } from "../../ports/work.ts";
import { urlAccess } from "../endpoint/urls.ts";
import { desiredApp } from "../release/desired.ts";
import { EVENT_AGE } from "../release/prepare.ts";
import type { Target } from "../target.ts";
import type { DeployableApp } from "../types.ts";
import { templateOf, zipName, type TemplateFormat } from "./template.ts";

export interface ExportOptions extends LongWork {
  format: TemplateFormat;
  /** Absolute path; made where missing. Only what an earlier export wrote is replaced. */
  folder: string;
}

export interface Exported {
  /** Absolute paths. */
  template: string;
  files: string[];
}

/** Writes the setup as a template and the bundles beside it, for teams whose own pipeline has to deploy. */
export async function exportApp(app: DeployableApp, target: Target, bundler: Bundler, options: ExportOptions): Promise<Exported> {
  const { folder, format, signal } = options;
  const bundles = await bundler.bundle(app, options);
  const desired = desiredApp(app, bundles, target);
  const urls = urlAccess(target) ?? "none";
  const role = target.roles === "managed" ? undefined : target.roles.arn;
  const template = templateOf(desired, { format, urls, role, eventAge: target.eventAge ?? EVENT_AGE });
  const name = format === "sam" ? "template.yaml" : "cloudformation.yaml";
  const contents = new Map<string, Uint8Array>([
    [name, Buffer.from(HEADER + stringify(template, { lineWidth: 0, aliasDuplicateObjects: false }))],
  ]);
  for (const one of desired.functions) contents.set(zipName(one), one.zip);
  signal?.throwIfAborted();
  await removeOldZips(join(folder, CODE_FOLDER), new Set(contents.keys()));
  for (const [file, bytes] of contents) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
  return { template: join(folder, name), files: [...contents.keys()].map((file) => join(folder, file)) };
}

const HEADER = "# Written by `fusionize export` from fusionize.json: changes here are lost with the next export.\n";

/** Where bundles lie in the folder of an export. */
export const CODE_FOLDER = "code";

export async function removeOldZips(code: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(code).catch(() => [])) {
    if (/-[0-9a-f]{12}\.zip$/.test(file) && !wanted.has(`${CODE_FOLDER}/${file}`)) await rm(join(code, file));
  }
}
