import { empty, json } from "../../http/reply.ts";
import { invalidParameter } from "../errors.ts";
import type { FunctionRecord } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

export const tagResource: Operation = (call) => {
  const { Tags: tags } = call.json<{ Tags: Record<string, string> }>();
  const constraints = new Constraints();
  constraints.required("tags", tags);
  for (const [key, value] of Object.entries(tags ?? {})) {
    constraints.text("tags.key", key, { least: 1, most: 128 });
    constraints.text("tags.value", value, { most: 256 });
  }
  constraints.check();
  const record = subject(call);
  call.service.registry.requireSettled(record);
  const merged = { ...record.tags, ...tags };
  if (Object.keys(merged).length > 50) throw invalidParameter("The number of tags exceeds the limit of 50.");
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
