import { randomUUID } from "node:crypto";
import { empty, json } from "../../http/reply.ts";
import { conflict, entityTooLarge, invalidParameter, preconditionFailed } from "../errors.ts";
import { dictionary, functionArn } from "../model.ts";
import type { Code, FunctionRecord, Version } from "../model.ts";
import { parseName } from "../names.ts";
import { lambdaTime } from "../registry.ts";
import type { Operation } from "../service.ts";
import { settleLater } from "../service.ts";
import type { LambdaService } from "../service.ts";
import { checkRuntime, Constraints } from "../validation.ts";
import { configuration } from "./configuration.ts";
import { page } from "./page.ts";
import { checkSettings, mergeSettings } from "./settings.ts";
import type { SettingsRequest } from "./settings.ts";
import { checkTags } from "./tags.ts";
import { publish } from "./versions.ts";

interface CodeRequest {
  ZipFile?: string;
  S3Bucket?: string;
  ImageUri?: string;
}

interface CreateRequest extends SettingsRequest {
  FunctionName: string;
  Code: CodeRequest;
  Publish: boolean;
  PackageType: string;
  Tags: Record<string, string>;
}

const zippedLimit = 52_428_800;

export const createFunction: Operation = async (call) => {
  const request = call.json<CreateRequest>();
  const constraints = new Constraints();
  constraints.required("functionName", request.FunctionName);
  constraints.required("role", request.Role);
  constraints.required("code", request.Code);
  constraints.text("packageType", request.PackageType, { oneOf: ["Zip", "Image"] });
  constraints.check();
  const { name } = parseName(request.FunctionName ?? "", undefined, call.service.place);
  checkTags(request.Tags);
  checkSettings(request);
  if (request.PackageType !== "Image") checkRuntime(request.Runtime);
  if (request.Handler === undefined)
    throw invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  const { registry, options } = call.service;
  const exists = (): Error => conflict(`Function already exist: ${name}`);
  if (registry.has(name)) throw exists();
  const settings = mergeSettings(name, undefined, request);
  const code = await storeCode(call.service, request.Code ?? {});
  if (registry.has(name)) throw exists();
  const latest: Version = {
    version: "$LATEST",
    settings,
    code,
    lastModified: lambdaTime(),
    revisionId: randomUUID(),
    state: "Pending",
  };
  const record: FunctionRecord = {
    name,
    latest,
    versions: [],
    nextVersion: 1,
    aliases: dictionary(),
    tags: request.Tags ?? {},
    eventInvoke: dictionary(),
    policies: dictionary(),
    urls: dictionary(),
    provisioned: dictionary(),
    recursiveLoop: "Terminate",
  };
  const shown = request.Publish === true ? publish(record, undefined) : latest;
  registry.save(record);
  settleLater(call.service, record, options.createMs);
  return json(201, configuration(call.service.place, record, shown));
};

export const getFunction: Operation = (call) => {
  const { record, qualifier } = call.target();
  const { place, registry } = call.service;
  const version = registry.resolve(record, qualifier);
  const tags = Object.keys(record.tags).length > 0 ? { Tags: record.tags } : {};
  const concurrency = record.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: record.reserved } };
  return json(200, {
    Configuration: configuration(place, record, version, { qualified: qualifier !== undefined }),
    Code: { RepositoryType: "S3", Location: `${call.service.endpoint()}/_emulator/code/${version.code.folder}.zip` },
    ...tags,
    ...concurrency,
  });
};

export const getFunctionConfiguration: Operation = (call) => {
  const { record, qualifier } = call.target();
  return json(
    200,
    configuration(call.service.place, record, call.service.registry.resolve(record, qualifier), {
      qualified: qualifier !== undefined,
    }),
  );
};

export const listFunctions: Operation = (call) => {
  const all = call.query.get("FunctionVersion") === "ALL";
  const { place, registry } = call.service;
  const items = registry.list().flatMap((record) => {
    const versions = all ? [record.latest, ...record.versions] : [record.latest];
    return versions.map((version) => configuration(place, record, version, { listed: true, qualified: all }));
  });
  const { shown, next } = page(items, call.query, 50);
  return json(200, { Functions: shown, NextMarker: next });
};

export const deleteFunction: Operation = (call) => {
  const { record, qualifier } = call.target();
  const { registry, pool } = call.service;
  if (qualifier === undefined) registry.remove(record);
  else {
    if (qualifier === "$LATEST") throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
    const referring = Object.values(record.aliases).filter(
      (alias) => alias.version === qualifier || alias.additional?.version === qualifier,
    );
    if (referring.length > 0)
      throw conflict(
        `Unable to delete version because the following aliases reference it: [${referring.map(({ name }) => name).join(", ")}]`,
      );
    record.versions = record.versions.filter(({ version }) => version !== qualifier);
    delete record.provisioned[qualifier];
    registry.save(record);
  }
  call.service.provisioning.reconcile();
  pool.dropOutdated();
  return empty(204);
};

export const updateFunctionCode: Operation = async (call) => {
  const request = call.json<CodeRequest & { Architectures: string[]; Publish: boolean; DryRun: boolean; RevisionId: string }>();
  const { record } = call.target();
  const { registry, place, options } = call.service;
  registry.requireSettled(record);
  if (request.RevisionId !== undefined && request.RevisionId !== record.latest.revisionId) throw preconditionFailed();
  checkSettings({ Architectures: request.Architectures });
  const code = await storeCode(call.service, request);
  registry.requireSettled(record);
  const changed: Version = { ...record.latest, code, lastModified: lambdaTime() };
  if (request.Architectures !== undefined) changed.settings = { ...changed.settings, architectures: request.Architectures };
  if (request.DryRun === true) return json(200, configuration(place, { ...record }, changed));
  beginUpdate(record, changed);
  const shown = request.Publish === true ? publish(record, undefined) : record.latest;
  registry.save(record);
  const body = configuration(place, record, shown, { qualified: shown !== record.latest });
  settleLater(call.service, record, options.updateMs);
  return json(200, body);
};

export const updateFunctionConfiguration: Operation = (call) => {
  const request = call.json<SettingsRequest & { RevisionId: string }>();
  const { record } = call.target();
  const { registry, place, options } = call.service;
  checkSettings(request);
  registry.requireSettled(record);
  if (request.RevisionId !== undefined && request.RevisionId !== record.latest.revisionId) throw preconditionFailed();
  beginUpdate(record, {
    ...record.latest,
    settings: mergeSettings(record.name, record.latest.settings, request),
    lastModified: lambdaTime(),
  });
  registry.save(record);
  const body = configuration(place, record, record.latest);
  settleLater(call.service, record, options.updateMs);
  return json(200, body);
};

/** Shows the new state, while invocations use the old one until the update has ended. */
function beginUpdate(record: FunctionRecord, changed: Version): void {
  record.running = record.latest;
  record.latest = { ...changed, revisionId: randomUUID(), state: "Active", update: "InProgress" };
}

async function storeCode(service: LambdaService, request: CodeRequest): Promise<Code> {
  if (request.ImageUri !== undefined)
    throw invalidParameter("Container images are not supported by this emulator. Deploy a .zip file.");
  if (request.S3Bucket !== undefined)
    throw invalidParameter("Code in S3 is not supported by this emulator. Pass the .zip file itself.");
  if (request.ZipFile === undefined) throw invalidParameter("Please provide a source for function code.");
  const zip = Buffer.from(request.ZipFile, "base64");
  if (zip.length > zippedLimit) throw entityTooLarge(`Zipped size must be smaller than ${zippedLimit} bytes`);
  return service.registry.code.add(zip);
}

/** ARN of a function without qualifier, for answers that need one. */
export const arnOf = (service: LambdaService, name: string, qualifier?: string): string =>
  functionArn(service.place, name, qualifier);
