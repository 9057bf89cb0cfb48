import { json } from "../../http/reply.ts";
import { functionArn } from "../model.ts";
import { invalidParameter, notFound } from "../errors.ts";
import type { Operation } from "../service.ts";

/** Refuses what only AWS has, in the form of a refusal of the service. */
const refuse =
  (what: string): Operation =>
  () => {
    throw invalidParameter(`${what} are not supported by this emulator.`);
  };

const missing =
  (text: string): Operation =>
  () => {
    throw notFound(text);
  };

const nothing =
  (member: string): Operation =>
  () =>
    json(200, { [member]: [] });

const runtimeManagement: Operation = (call) => {
  const { record, qualifier } = call.target();
  return json(200, {
    UpdateRuntimeOn: "Auto",
    FunctionArn: functionArn(call.service.place, record.name, qualifier ?? "$LATEST"),
  });
};

const codeSigning: Operation = (call) => json(200, { CodeSigningConfigArn: "", FunctionName: call.target().record.name });

/** Layers, signing, event sources, durable executions and capacity providers: lists are empty, single ones are missing, new ones are refused. */
export const unsupported: [method: string, path: string, operation: Operation][] = [
  [
    "GET",
    "/2018-10-31/layers",
    (call) =>
      call.query.get("find") === "LayerVersion"
        ? missing("The resource you requested does not exist.")(call)
        : nothing("Layers")(call),
  ],
  ["GET", "/2018-10-31/layers/{}/versions", nothing("LayerVersions")],
  ["POST", "/2018-10-31/layers/{}/versions", refuse("Layers")],
  ["GET", "/2018-10-31/layers/{}/versions/{}", missing("The resource you requested does not exist.")],
  ["DELETE", "/2018-10-31/layers/{}/versions/{}", () => ({ status: 204 })],
  ["POST", "/2018-10-31/layers/{}/versions/{}/policy", refuse("Layers")],
  ["GET", "/2018-10-31/layers/{}/versions/{}/policy", missing("The resource you requested does not exist.")],
  ["DELETE", "/2018-10-31/layers/{}/versions/{}/policy/{}", missing("The resource you requested does not exist.")],
  ["GET", "/2015-03-31/event-source-mappings", nothing("EventSourceMappings")],
  ["POST", "/2015-03-31/event-source-mappings", refuse("Event source mappings")],
  ["GET", "/2015-03-31/event-source-mappings/{}", missing("The resource you requested does not exist.")],
  ["PUT", "/2015-03-31/event-source-mappings/{}", missing("The resource you requested does not exist.")],
  ["DELETE", "/2015-03-31/event-source-mappings/{}", missing("The resource you requested does not exist.")],
  ["GET", "/2020-04-22/code-signing-configs", nothing("CodeSigningConfigs")],
  ["POST", "/2020-04-22/code-signing-configs", refuse("Code signing configurations")],
  ["GET", "/2020-04-22/code-signing-configs/{}", missing("The code signing configuration cannot be found.")],
  ["PUT", "/2020-04-22/code-signing-configs/{}", missing("The code signing configuration cannot be found.")],
  ["DELETE", "/2020-04-22/code-signing-configs/{}", missing("The code signing configuration cannot be found.")],
  ["GET", "/2020-04-22/code-signing-configs/{}/functions", missing("The code signing configuration cannot be found.")],
  ["GET", "/2020-06-30/functions/{}/code-signing-config", codeSigning],
  ["PUT", "/2020-06-30/functions/{}/code-signing-config", refuse("Code signing configurations")],
  ["DELETE", "/2020-06-30/functions/{}/code-signing-config", () => ({ status: 204 })],
  ["GET", "/2021-07-20/functions/{}/runtime-management-config", runtimeManagement],
  ["PUT", "/2021-07-20/functions/{}/runtime-management-config", refuse("Runtime management settings")],
  ["GET", "/2025-11-30/capacity-providers", nothing("CapacityProviders")],
  ["POST", "/2025-11-30/capacity-providers", refuse("Capacity providers")],
  ["GET", "/2025-11-30/capacity-providers/{}", missing("The capacity provider cannot be found.")],
  ["PUT", "/2025-11-30/capacity-providers/{}", missing("The capacity provider cannot be found.")],
  ["DELETE", "/2025-11-30/capacity-providers/{}", missing("The capacity provider cannot be found.")],
  ["GET", "/2025-11-30/capacity-providers/{}/function-versions", missing("The capacity provider cannot be found.")],
  ["GET", "/2025-11-30/functions/{}/function-scaling-config", missing("The resource you requested does not exist.")],
  ["PUT", "/2025-11-30/functions/{}/function-scaling-config", refuse("Scaling configurations of Managed Instances")],
  ["GET", "/2025-12-01/functions/{}/durable-executions", nothing("DurableExecutions")],
  ["GET", "/2025-12-01/durable-executions/{}", missing("The durable execution cannot be found.")],
  ["GET", "/2025-12-01/durable-executions/{}/history", missing("The durable execution cannot be found.")],
  ["GET", "/2025-12-01/durable-executions/{}/state", missing("The durable execution cannot be found.")],
  ["POST", "/2025-12-01/durable-executions/{}/checkpoint", missing("The durable execution cannot be found.")],
  ["POST", "/2025-12-01/durable-executions/{}/stop", missing("The durable execution cannot be found.")],
  ["POST", "/2025-12-01/durable-execution-callbacks/{}/succeed", missing("The callback cannot be found.")],
  ["POST", "/2025-12-01/durable-execution-callbacks/{}/fail", missing("The callback cannot be found.")],
  ["POST", "/2025-12-01/durable-execution-callbacks/{}/heartbeat", missing("The callback cannot be found.")],
];
