import { empty, json } from "../../http/reply.ts";
import { invalidParameter, ServiceError } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord } from "../model.ts";
import { lambdaTime } from "../registry.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

/** Answers while instances are being started: IN_PROGRESS until all of them stand ready, FAILED once an INIT has failed. */
export const putProvisioned: Operation = (call) => {
  const { ProvisionedConcurrentExecutions: requested } = call.json<{ ProvisionedConcurrentExecutions: number }>();
  const constraints = new Constraints();
  constraints.required("provisionedConcurrentExecutions", requested);
  constraints.number("provisionedConcurrentExecutions", requested, 1, Number.MAX_SAFE_INTEGER);
  constraints.check();
  const { record, key } = subject(call);
  const most = record.reserved ?? call.service.invoker.gate.unreserved();
  if ((requested ?? 0) > most)
    throw invalidParameter(
      `Specified ConcurrentExecutions for function is greater than function's reserved concurrency [${most}].`,
    );
  const config = { requested: requested ?? 0, lastModified: lambdaTime() };
  record.provisioned[key] = config;
  call.service.registry.save(record);
  call.service.provisioning.reconcile();
  return json(202, shape(call, record, key));
};

export const getProvisioned: Operation = (call) => {
  if (call.query.get("List") === "ALL") return list(call);
  const { record, key } = subject(call);
  existing(record, key);
  return json(200, shape(call, record, key));
};

export const deleteProvisioned: Operation = (call) => {
  const { record, key } = subject(call);
  existing(record, key);
  delete record.provisioned[key];
  call.service.registry.save(record);
  call.service.provisioning.reconcile();
  return empty(204);
};

function list(call: ApiCall): ReturnType<typeof json> {
  const { record } = call.target();
  const configs = Object.keys(record.provisioned).map((key) => ({
    FunctionArn: functionArn(call.service.place, record.name, key),
    ...shape(call, record, key),
  }));
  return json(200, { ProvisionedConcurrencyConfigs: configs });
}

function subject(call: ApiCall): { record: FunctionRecord; key: string } {
  const { record, qualifier } = call.target();
  if (qualifier === undefined || qualifier === "$LATEST")
    throw invalidParameter("Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
  call.service.registry.resolve(record, qualifier);
  return { record, key: qualifier };
}

function existing(record: FunctionRecord, key: string): { requested: number; lastModified: string } {
  const config = record.provisioned[key];
  if (config !== undefined) return config;
  throw new ServiceError(404, "ProvisionedConcurrencyConfigNotFoundException", {
    Type: "User",
    message: "No Provisioned Concurrency Config found for this function",
  });
}

function shape(call: ApiCall, record: FunctionRecord, key: string): Record<string, unknown> {
  const { requested, lastModified } = existing(record, key);
  const { allocated, available, failed } = call.service.provisioning.provided(record, key);
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: Math.min(requested, available),
    AllocatedProvisionedConcurrentExecutions: Math.min(requested, allocated),
    Status: failed ? "FAILED" : available >= requested ? "READY" : "IN_PROGRESS",
    ...(failed && { StatusReason: "FUNCTION_ERROR_INIT_FAILURE" }),
    LastModified: lastModified,
  };
}
