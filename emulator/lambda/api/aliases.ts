import { randomUUID } from "node:crypto";
import { empty, json } from "../../http/reply.ts";
import { conflict, invalidParameter, notFound, preconditionFailed, validation } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { Alias, FunctionRecord, Place } from "../model.ts";
import type { Operation } from "../service.ts";
import { Constraints } from "../validation.ts";
import { page } from "./page.ts";

interface AliasRequest {
  Name: string;
  FunctionVersion: string;
  Description: string;
  RoutingConfig: { AdditionalVersionWeights?: Record<string, number> };
  RevisionId: string;
}

export const createAlias: Operation = (call) => {
  const request = call.json<AliasRequest>();
  const { record } = call.target();
  const { place, registry } = call.service;
  const constraints = new Constraints();
  constraints.required("name", request.Name);
  constraints.required("functionVersion", request.FunctionVersion);
  constraints.text("name", request.Name, {
    least: 1,
    most: 128,
    pattern: /^(?!^[0-9]+$)([a-zA-Z0-9-_]+)$/,
    shown: "(?!^[0-9]+$)([a-zA-Z0-9-_]+)",
  });
  constraints.check();
  const name = request.Name ?? "";
  if (record.aliases[name] !== undefined) throw conflict(`Alias already exists: ${functionArn(place, record.name, name)}`);
  const alias: Alias = {
    name,
    version: request.FunctionVersion ?? "",
    description: request.Description ?? "",
    revisionId: randomUUID(),
  };
  requireVersion(place, record, alias.version);
  route(place, record, alias, request.RoutingConfig);
  record.aliases[name] = alias;
  registry.save(record);
  return json(201, shape(place, record, alias));
};

export const getAlias: Operation = (call) => {
  const { record } = call.target();
  const name = call.params[1] ?? "";
  const alias = record.aliases[name];
  if (alias === undefined) throw notFound(`Cannot find alias arn: ${functionArn(call.service.place, record.name, name)}`);
  return json(200, shape(call.service.place, record, alias));
};

export const updateAlias: Operation = (call) => {
  const request = call.json<AliasRequest>();
  const { record } = call.target();
  const { place, registry } = call.service;
  const name = call.params[1] ?? "";
  const before = record.aliases[name];
  if (before === undefined) throw notFound(`Alias not found: ${functionArn(place, record.name, name)}`);
  if (request.RevisionId !== undefined && request.RevisionId !== before.revisionId) throw preconditionFailed();
  const alias: Alias = {
    ...before,
    version: request.FunctionVersion ?? before.version,
    description: request.Description ?? before.description,
    revisionId: randomUUID(),
  };
  requireVersion(place, record, alias.version);
  if (request.RoutingConfig !== undefined) route(place, record, alias, request.RoutingConfig);
  record.aliases[name] = alias;
  registry.save(record);
  call.service.provisioning.reconcile();
  return json(200, shape(place, record, alias));
};

export const deleteAlias: Operation = (call) => {
  const { record } = call.target();
  const name = call.params[1] ?? "";
  delete record.aliases[name];
  delete record.eventInvoke[name];
  delete record.policies[name];
  delete record.urls[name];
  delete record.provisioned[name];
  call.service.registry.save(record);
  call.service.provisioning.reconcile();
  return empty(204);
};

export const listAliases: Operation = (call) => {
  const { record } = call.target();
  const version = call.query.get("FunctionVersion");
  const aliases = Object.values(record.aliases)
    .filter((alias) => version === null || alias.version === version || alias.additional?.version === version)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { shown, next } = page(
    aliases.map((alias) => shape(call.service.place, record, alias)),
    call.query,
    50,
  );
  return json(200, { Aliases: shown, NextMarker: next });
};

function requireVersion(place: Place, record: FunctionRecord, version: string): void {
  if (version === "$LATEST" || record.versions.some((candidate) => candidate.version === version)) return;
  throw notFound(`Function not found: ${functionArn(place, record.name, version)}`);
}

function route(place: Place, record: FunctionRecord, alias: Alias, routing: AliasRequest["RoutingConfig"] | undefined): void {
  const weights = Object.entries(routing?.AdditionalVersionWeights ?? {});
  delete alias.additional;
  const [first] = weights;
  if (first === undefined) return;
  if (weights.length > 1) throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  const [version, weight] = first;
  if (typeof weight !== "number" || weight < 0 || weight > 1) {
    throw validation(
      `1 validation error detected: Value '{${version}=${typeof weight === "number" && Number.isInteger(weight) ? weight.toFixed(1) : weight}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]`,
    );
  }
  if (version === alias.version)
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  if (alias.version === "$LATEST" || version === "$LATEST")
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  requireVersion(place, record, version);
  alias.additional = { version, weight };
}

function shape(place: Place, record: FunctionRecord, alias: Alias): Record<string, unknown> {
  const routing =
    alias.additional === undefined
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [alias.additional.version]: alias.additional.weight } } };
  return {
    AliasArn: functionArn(place, record.name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...routing,
    RevisionId: alias.revisionId,
  };
}
