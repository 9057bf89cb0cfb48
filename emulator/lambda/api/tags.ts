import { empty, json } from "../../http/reply.ts";
import { invalidParameter } from "../errors.ts";
import type { FunctionRecord } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

/** Throws what the service says of tags that are none, or too many. */
export function checkTags(tags: Record<string, string> | undefined): void {
  const constraints = new Constraints();
  for (const [key, value] of Object.entries(tags ?? {})) {
    constraints.text("tags.key", key, { least: 1, most: 128, pattern: tagText, shown: tagText.source });
    constraints.text("tags.value", value, { most: 256, pattern: tagText, shown: tagText.source });
  }
  constraints.check();
  if (Object.keys(tags ?? {}).length > 50) throw invalidParameter("The number of tags exceeds the limit of 50.");
}

const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagResource: Operation = (call) => {
  const { Tags: tags } = call.json<{ Tags: Record<string, string> }>();
  const constraints = new Constraints();
  constraints.required("tags", tags);
  constraints.check();
  const record = subject(call);
  call.service.registry.requireSettled(record);
  const merged = { ...record.tags, ...tags };
  checkTags(merged);
  record.tags = merged;
  call.service.registry.save(record);
  return empty(204);
};

export const untagResource: Operation = (call) => {
  const record = subject(call);
  for (const key of call.query.getAll("tagKeys")) delete record.tags[key];
  call.service.registry.save(record);
  return empty(204);
};

export const listTags: Operation = (call) => json(200, { Tags: subject(call).tags });

function subject(call: ApiCall): FunctionRecord {
  const { name, qualifier } = parseName(call.params[0] ?? "", undefined, call.service.place);
  if (qualifier !== undefined)
    throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  return call.service.registry.get(name);
}
