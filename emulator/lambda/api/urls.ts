import { randomBytes } from "node:crypto";
import { empty, json } from "../../http/reply.ts";
import { conflict, invalidParameter, notFound } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { FunctionRecord, FunctionUrl } from "../model.ts";
import { lambdaTime } from "../registry.ts";
import type { ApiCall, Operation } from "../service.ts";
import type { Cors } from "../url-cors.ts";
import { Constraints } from "../validation.ts";
import { page } from "./page.ts";

interface UrlRequest {
  AuthType: "NONE" | "AWS_IAM";
  InvokeMode: "BUFFERED" | "RESPONSE_STREAM";
  Cors: Cors;
}

export const createUrl: Operation = (call) => {
  const request = call.json<UrlRequest>();
  const { record, key, arn } = subject(call);
  check(request, true);
  if (record.urls[key] !== undefined) {
    throw conflict(
      `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  }
  const now = lambdaTime();
  const url: FunctionUrl = {
    id: [...randomBytes(32)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join(""),
    authType: request.AuthType ?? "AWS_IAM",
    invokeMode: request.InvokeMode ?? "BUFFERED",
    invokeModeGiven: request.InvokeMode !== undefined,
    cors: request.Cors as FunctionUrl["cors"],
    creationTime: now,
    lastModifiedTime: now,
  };
  record.urls[key] = url;
  call.service.registry.save(record);
  const { LastModifiedTime: _, ...shown } = shape(call, url, arn);
  return json(201, url.invokeModeGiven ? shown : { ...shown, InvokeMode: undefined });
};

export const updateUrl: Operation = (call) => {
  const request = call.json<UrlRequest>();
  const { record, key, arn } = subject(call);
  check(request, false);
  const url = existing(record, key);
  if (request.AuthType !== undefined) url.authType = request.AuthType;
  if (request.InvokeMode !== undefined) url.invokeMode = request.InvokeMode;
  if (request.Cors !== undefined) url.cors = request.Cors as FunctionUrl["cors"];
  url.lastModifiedTime = lambdaTime();
  call.service.registry.save(record);
  return json(200, shape(call, url, arn));
};

export const getUrl: Operation = (call) => {
  const { record, key, arn } = subject(call);
  return json(200, shape(call, existing(record, key), arn));
};

export const deleteUrl: Operation = (call) => {
  const { record, key } = subject(call);
  existing(record, key);
  delete record.urls[key];
  call.service.registry.save(record);
  return empty(204);
};

export const listUrls: Operation = (call) => {
  const { record } = call.target();
  const all = Object.entries(record.urls).map(([key, url]) =>
    shape(call, url, functionArn(call.service.place, record.name, key === "$LATEST" ? undefined : key)),
  );
  const { shown, next } = page(all, call.query, 50, 50);
  return json(200, { FunctionUrlConfigs: shown, NextMarker: next });
};

function subject(call: ApiCall): { record: FunctionRecord; key: string; arn: string } {
  const { record, qualifier } = call.target();
  if (qualifier !== undefined && /^(\$LATEST|\d+)$/.test(qualifier)) {
    throw invalidParameter(
      `1 validation error detected: Value '${qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
    );
  }
  call.service.registry.resolve(record, qualifier);
  return { record, key: qualifier ?? "$LATEST", arn: functionArn(call.service.place, record.name, qualifier) };
}

function existing(record: FunctionRecord, key: string): FunctionUrl {
  const url = record.urls[key];
  if (url === undefined) throw notFound("The resource you requested does not exist.");
  return url;
}

function check(request: Partial<UrlRequest>, creating: boolean): void {
  const constraints = new Constraints();
  if (creating) constraints.required("authType", request.AuthType);
  constraints.text("authType", request.AuthType, { oneOf: ["NONE", "AWS_IAM"] });
  constraints.text("invokeMode", request.InvokeMode, { oneOf: ["BUFFERED", "RESPONSE_STREAM"] });
  const { AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge } = request.Cors ?? {};
  constraints.list("cors.allowOrigins", AllowOrigins, 100, { least: 1, most: 253 });
  constraints.list("cors.allowMethods", AllowMethods, 6, { most: 6 });
  constraints.list("cors.allowHeaders", AllowHeaders, 100, { most: 1024 });
  constraints.list("cors.exposeHeaders", ExposeHeaders, 100, { most: 1024 });
  constraints.number("cors.maxAge", MaxAge, 0, 86_400);
  constraints.check();
}

function shape(call: ApiCall, url: FunctionUrl, arn: string): Record<string, unknown> {
  return {
    FunctionUrl: `http://${url.id}.lambda-url.${call.service.place.region}.localhost:${new URL(call.service.endpoint()).port}/`,
    FunctionArn: arn,
    AuthType: url.authType,
    Cors: url.cors,
    CreationTime: url.creationTime,
    LastModifiedTime: url.lastModifiedTime,
    InvokeMode: url.invokeMode,
  };
}
