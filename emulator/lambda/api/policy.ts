import { randomUUID } from "node:crypto";
import { empty, json } from "../../http/reply.ts";
import { conflict, invalidParameter, notFound, preconditionFailed } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord, PolicyStatement } from "../model.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

interface PermissionRequest {
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn: string;
  SourceAccount: string;
  PrincipalOrgID: string;
  FunctionUrlAuthType: string;
  InvokedViaFunctionUrl: boolean;
  RevisionId: string;
}

export const addPermission: Operation = (call) => {
  const request = call.json<PermissionRequest>();
  const constraints = new Constraints();
  for (const member of ["StatementId", "Action", "Principal"] as const)
    constraints.required(member.charAt(0).toLowerCase() + member.slice(1), request[member]);
  constraints.text("statementId", request.StatementId, {
    least: 1,
    most: 100,
    pattern: /^([a-zA-Z0-9-_]+)$/,
    shown: "([a-zA-Z0-9-_]+)",
  });
  constraints.text("action", request.Action, {
    pattern: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/,
    shown: "(lambda:[*]|lambda:[a-zA-Z]+|[*])",
  });
  constraints.text("functionUrlAuthType", request.FunctionUrlAuthType, { oneOf: ["NONE", "AWS_IAM"] });
  constraints.check();
  const { record, key, resource } = subject(call);
  if (call.query.get("Qualifier") === "$LATEST")
    throw invalidParameter("We currently do not support adding policies for $LATEST.");
  const policy = record.policies[key] ?? { revisionId: randomUUID(), statements: [] };
  if (request.RevisionId !== undefined && request.RevisionId !== policy.revisionId) throw preconditionFailed();
  const sid = request.StatementId ?? "";
  if (policy.statements.some(({ Sid }) => Sid === sid)) {
    throw conflict(
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const statement: PolicyStatement = {
    Sid: sid,
    Effect: "Allow",
    Principal: principal(request.Principal ?? ""),
    Action: request.Action ?? "",
    Resource: resource,
  };
  const condition = conditions(request);
  if (Object.keys(condition).length > 0) statement.Condition = condition;
  record.policies[key] = { revisionId: randomUUID(), statements: [...policy.statements, statement] };
  call.service.registry.save(record);
  return json(201, { Statement: JSON.stringify(statement) });
};

export const getPolicy: Operation = (call) => {
  const { record, key } = subject(call);
  const policy = record.policies[key];
  if (policy === undefined || policy.statements.length === 0) throw notFound("The resource you requested does not exist.");
  return json(200, {
    Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: policy.statements }),
    RevisionId: policy.revisionId,
  });
};

export const removePermission: Operation = (call) => {
  const { record, key } = subject(call);
  const sid = call.params[1] ?? "";
  const policy = record.policies[key];
  if (policy === undefined || !policy.statements.some(({ Sid }) => Sid === sid))
    throw notFound(`Statement ${sid} is not found in resource policy.`);
  const revision = call.query.get("RevisionId");
  if (revision !== null && revision !== policy.revisionId) throw preconditionFailed();
  record.policies[key] = { revisionId: randomUUID(), statements: policy.statements.filter(({ Sid }) => Sid !== sid) };
  call.service.registry.save(record);
  return empty(204);
};

function subject(call: ApiCall): { record: FunctionRecord; key: string; resource: string } {
  const { record, qualifier } = call.target();
  call.service.registry.resolve(record, qualifier);
  return { record, key: qualifier ?? "$LATEST", resource: functionArn(call.service.place, record.name, qualifier) };
}

function principal(text: string): unknown {
  if (text === "*") return "*";
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  return text.startsWith("arn:") ? { AWS: text } : { Service: text };
}

function conditions(request: Partial<PermissionRequest>): Record<string, Record<string, string>> {
  const condition: Record<string, Record<string, string>> = {};
  const equals: Record<string, string> = {};
  if (request.FunctionUrlAuthType !== undefined) equals["lambda:FunctionUrlAuthType"] = request.FunctionUrlAuthType;
  if (request.SourceAccount !== undefined) equals["AWS:SourceAccount"] = request.SourceAccount;
  if (request.PrincipalOrgID !== undefined) equals["aws:PrincipalOrgID"] = request.PrincipalOrgID;
  if (Object.keys(equals).length > 0) condition["StringEquals"] = equals;
  if (request.InvokedViaFunctionUrl !== undefined)
    condition["Bool"] = { "lambda:InvokedViaFunctionUrl": String(request.InvokedViaFunctionUrl) };
  if (request.SourceArn !== undefined) condition["ArnLike"] = { "AWS:SourceArn": request.SourceArn };
  return condition;
}
