import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { LongWork } from "../../ports/work.ts";
import { CODE_FOLDER, removeOldZips, type Exported } from "./export.ts";
import type { Bundler } from "../bundle/types.ts";
import { desiredApp } from "../release/desired.ts";
import { RELEASE_VARIABLES } from "../release/shape.ts";
import type { Target } from "../target.ts";
import type { DeployableApp } from "../types.ts";
import { named, type FusedFunction } from "./fused-functions.ts";
import { fuseService, nameInService } from "./fused-service.ts";
import { fuseTemplate, nameIn } from "./fused-template.ts";
import { zipName } from "./template.ts";
import { templateText } from "./template-text.ts";

const MARK = "Written by `fusionize export`";

export interface BesideOptions extends LongWork {
  /** Absolute path of the folder for the bundles. */
  folder: string;
}

export interface ExportedBeside extends Exported {
  kind: "sam" | "cloudformation" | "serverless";
  /** Functions with a bundle, and those that stay as they are because nothing of the app invokes them any more. */
  fused: string[];
  kept: string[];
}

/**
 * Writes a copy of an existing application's template beside it, in which functions have the bundles of the setup. All
 * else in it stays: resources, parameters, events, outputs, roles, comments. The template itself is only read.
 * @throws UserError `export-exists` when the file is somebody else's.
 */
export async function exportBeside(
  app: DeployableApp,
  target: Target,
  bundler: Bundler,
  { folder, ...work }: BesideOptions,
): Promise<ExportedBeside> {
  const template = app.config.template!;
  const original = join(app.folder, template);
  const source = await readFile(original, "utf8");
  const text = templateText(template, source);
  const kind = text.read(["provider"]) ? "serverless" : /AWS::Serverless-/.test(source) ? "sam" : "cloudformation";
  const bundles = await bundler.bundle(app, work);
  const desired = desiredApp(app, bundles, target);
  const tasks = new Map(app.graph.tasks.map((task) => [task.name, task]));
  const aliased = new Set(
    app.graph.tasks.flatMap(({ lambda }) =>
      Object.values(lambda?.environment ?? {}).flatMap((value) =>
        [...value.matchAll(/\$\{fn:([\w-]+)\}:/g)].map(([, name]) => name!),
      ),
    ),
  );
  const functions = desired.functions.map((one): FusedFunction => {
    const inside = bundles.find(({ root }) => root === one.root)!.tasks;
    const memory = app.setup[one.root]?.memory;
    return {
      task: one.root,
      inside: [one.root, ...inside.filter((task) => task !== one.root)],
      code: `./${relative(dirname(original), join(folder, zipName(one)))
        .split(sep)
        .join("/")}`,
      ...(memory === undefined ? {} : { memory }),
      runtime: one.shape.runtime,
      names: new Map(
        named(inside, app.graph).map((task) => [
          task,
          kind === "serverless" ? nameInService(text, task) : nameIn(text, task, aliased.has(task)),
        ]),
      ),
      variables: {
        // Siblings are invoked as the template names them, not by an alias of ours.
        [RELEASE_VARIABLES.release]: "$LATEST",
        ...(one.entry && { [RELEASE_VARIABLES.setup]: desired.setupId }),
      },
      environment: app.config.environment,
    };
  });
  if (kind === "serverless") fuseService(text, functions);
  else fuseTemplate(text, functions);
  work.signal?.throwIfAborted();

  const ending = extname(template);
  const written = join(dirname(original), `${basename(template, ending)}.fused${ending}`);
  await refuseForeign(written);
  const contents = new Map(desired.functions.map((one) => [join(folder, zipName(one)), one.zip]));
  await removeOldZips(join(folder, CODE_FOLDER), new Set(desired.functions.map(zipName)));
  for (const [file, bytes] of contents) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  await writeFile(written, withMark(String(text), basename(template), desired.setupId));
  const fused = desired.functions.map(({ root }) => root);
  const kept = [...tasks.keys()].filter((task) => !fused.includes(task));
  return { kind, template: written, files: [written, ...contents.keys()], fused, kept };
}

function withMark(text: string, template: string, setup: string): string {
  const words = `${MARK} from ${template} for fusion setup ${setup}: changes here are lost with the next export.`;
  if (!text.startsWith("{")) return `# ${words}\n${text}`;
  const { Metadata, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const metadata = { Fusionize: words, ...(Metadata as object | undefined) };
  return `${JSON.stringify({ ...rest, Metadata: metadata }, null, /^\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? 2)}\n`;
}

async function refuseForeign(file: string): Promise<void> {
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before === undefined || before.includes(MARK)) return;
  throw new UserError(
    "export-exists",
    `${basename(file)} was not written by an export.`,
    "Rename or remove it, and export again.",
  );
}
