import { json } from "../../http/reply.ts";
import type { Operation } from "../service.ts";
import { Constraints } from "../validation.ts";

export const getAccountSettings: Operation = (call) => {
  const { registry, invoker, options } = call.service;
  const records = registry.list();
  const codeSize = records
    .flatMap((record) => [record.latest, ...record.versions])
    .reduce((sum, version) => sum + version.code.size, 0);
  return json(200, {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: options.accountConcurrency,
      UnreservedConcurrentExecutions: invoker.gate.unreserved(),
    },
    AccountUsage: { TotalCodeSize: codeSize, FunctionCount: records.length },
  });
};

export const getRecursionConfig: Operation = (call) => json(200, { RecursiveLoop: call.target().record.recursiveLoop });

export const putRecursionConfig: Operation = (call) => {
  const { RecursiveLoop: loop } = call.json<{ RecursiveLoop: "Allow" | "Terminate" }>();
  const constraints = new Constraints();
  constraints.required("recursiveLoop", loop);
  constraints.text("recursiveLoop", loop, { oneOf: ["Allow", "Terminate"] });
  constraints.check();
  const { record } = call.target();
  record.recursiveLoop = loop ?? "Terminate";
  call.service.registry.save(record);
  return json(200, { RecursiveLoop: record.recursiveLoop });
};
