import { empty, json } from "../../http/reply.ts";
import { invalidParameter, ServiceError } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord } from "../model.ts";
import { lambdaTime } from "../registry.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

/**
 * Provisioned concurrency is kept and shown, and its share of the account is checked; instances are started by requests all the same, so the status stays
 * IN_PROGRESS: nothing here claims instances that are not there.
 */
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
  return json(202, shape(config));
};

export const getProvisioned: Operation = (call) => {
  if (call.query.get("List") === "ALL") return list(call);
  const { record, key } = subject(call);
  return json(200, shape(existing(record, key)));
};

export const deleteProvisioned: Operation = (call) => {
  const { record, key } = subject(call);
  existing(record, key);
  delete record.provisioned[key];
  call.service.registry.save(record);
  return empty(204);
};

function list(call: ApiCall): ReturnType<typeof json> {
  const { record } = call.target();
  const configs = Object.entries(record.provisioned).map(([key, config]) => ({
    FunctionArn: functionArn(call.service.place, record.name, key),
    ...shape(config),
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

function shape(config: { requested: number; lastModified: string }): Record<string, unknown> {
  return {
    RequestedProvisionedConcurrentExecutions: config.requested,
    AvailableProvisionedConcurrentExecutions: 0,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: "IN_PROGRESS",
    LastModified: config.lastModified,
  };
}
