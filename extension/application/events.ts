/** Saved events: `events/<task>/*.json` in the app's folder. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { App } from "./types.ts";

export interface SavedEvent {
  task: string;
  /** File name without `.json`. */
  name: string;
  /** Absolute path. */
  file: string;
  event: unknown;
}

/** @throws UserError `event-json` naming the file that is not JSON. */
export async function readEvent(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new UserError("event-file", `The event ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError("event-json", `The event ${file} is not JSON: ${(error as Error).message}`);
  }
}

/** Saved events of a task, by name. */
export async function savedEvents(app: Pick<App, "folder">, task: string): Promise<SavedEvent[]> {
  const folder = join(app.folder, "events", task);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { task, name: name.slice(0, -".json".length), file, event: await readEvent(file) };
    }),
  );
}

/** What a workload sends: the saved events of the given task, or of every entry; `{}` where none is saved. */
export async function workloadEvents(app: App, task?: string): Promise<{ task: string; event: unknown }[]> {
  const known = new Set(app.graph.tasks.map(({ name }) => name));
  if (task !== undefined && !known.has(task)) {
    throw new UserError("unknown-task", `There is no task “${task}”.`, `Tasks: ${[...known].sort().join(", ")}.`);
  }
  const tasks = task !== undefined ? [task] : app.graph.tasks.filter(({ entry }) => entry).map(({ name }) => name);
  const events = await Promise.all(
    tasks.map(async (name) => {
      const saved = await savedEvents(app, name);
      return saved.length > 0 ? saved.map(({ event }) => ({ task: name, event })) : [{ task: name, event: {} }];
    }),
  );
  return events.flat();
}
