import { randomUUID } from "node:crypto";
import { empty, json } from "../../http/reply.ts";
import { invalidParameter, notFound, preconditionFailed } from "../errors.ts";
import type { FunctionRecord, PolicyStatement } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";

/** Replaces all that AddPermission has added for the resource. */
export const putResourcePolicy: Operation = (call) => {
  const request = call.json<{ Policy: string; RevisionId: string }>();
  const { record, key } = subject(call);
  let statements: unknown;
  try {
    statements = (JSON.parse(request.Policy ?? "") as { Statement?: unknown }).Statement;
  } catch {
    throw invalidParameter("The provided policy is not valid JSON.");
  }
  const list = (Array.isArray(statements) ? statements : [statements]) as PolicyStatement[];
  if (
    list.some(
      (statement) =>
        typeof statement !== "object" || statement === null || statement.Effect === undefined || statement.Action === undefined,
    )
  )
    throw invalidParameter("The provided policy has no valid Statement.");
  if (request.RevisionId !== undefined && request.RevisionId !== record.policies[key]?.revisionId) throw preconditionFailed();
  const policy = { revisionId: randomUUID(), statements: list };
  record.policies[key] = policy;
  call.service.registry.save(record);
  return json(200, shape(policy));
};

export const getResourcePolicy: Operation = (call) => {
  const { record, key } = subject(call);
  const policy = record.policies[key];
  if (policy === undefined || policy.statements.length === 0) throw notFound("The resource you requested does not exist.");
  return json(200, shape(policy));
};

export const deleteResourcePolicy: Operation = (call) => {
  const { record, key } = subject(call);
  const revision = call.query.get("RevisionId");
  if (revision !== null && revision !== record.policies[key]?.revisionId) throw preconditionFailed();
  delete record.policies[key];
  call.service.registry.save(record);
  return empty(204);
};

function subject(call: ApiCall): { record: FunctionRecord; key: string } {
  const { name, qualifier } = parseName(call.params[0] ?? "", undefined, call.service.place);
  const record = call.service.registry.get(name, qualifier);
  call.service.registry.resolve(record, qualifier);
  return { record, key: qualifier ?? "$LATEST" };
}

function shape(policy: { revisionId: string; statements: PolicyStatement[] }): Record<string, unknown> {
  return {
    Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: policy.statements }),
    RevisionId: policy.revisionId,
  };
}
