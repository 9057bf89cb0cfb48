import { calibration } from "../../calibration.ts";
import { empty, json } from "../../http/reply.ts";
import { invalidParameter, notFound } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

export const putConcurrency: Operation = (call) => {
  const { ReservedConcurrentExecutions: reserved } = call.json<{ ReservedConcurrentExecutions: number }>();
  const constraints = new Constraints();
  constraints.required("reservedConcurrentExecutions", reserved);
  constraints.number("reservedConcurrentExecutions", reserved, 0, Number.MAX_SAFE_INTEGER);
  constraints.check();
  const record = unqualified(call, "$LATEST");
  const least = Math.min(calibration.minimumUnreserved, call.service.options.accountConcurrency);
  if (call.service.invoker.gate.unreserved(record.name) - (reserved ?? 0) < least && (reserved ?? 0) > 0) {
    throw invalidParameter(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
    );
  }
  record.reserved = reserved;
  call.service.registry.save(record);
  return json(200, { ReservedConcurrentExecutions: reserved });
};

export const getConcurrency: Operation = (call) => json(200, { ReservedConcurrentExecutions: unqualified(call).reserved });

export const deleteConcurrency: Operation = (call) => {
  const record = unqualified(call);
  delete record.reserved;
  call.service.registry.save(record);
  return empty(204);
};

function unqualified(call: ApiCall, named?: string): FunctionRecord {
  const { name, qualifier } = parseName(call.params[0] ?? "", undefined, call.service.place);
  if (qualifier !== undefined && qualifier !== "$LATEST") {
    throw invalidParameter(
      "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
    );
  }
  const record = call.service.registry.find(name);
  if (record === undefined) throw notFound(`Function not found: ${functionArn(call.service.place, name, named)}`);
  return record;
}
