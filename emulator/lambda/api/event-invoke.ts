import { empty, json } from "../../http/reply.ts";
import { invalidParameter, notFound } from "../errors.ts";
import { functionArn } from "../model.ts";
import type { EventInvokeConfig, FunctionRecord, Place } from "../model.ts";
import { parseName } from "../names.ts";
import type { ApiCall, Operation } from "../service.ts";
import { Constraints } from "../validation.ts";
import { page } from "./page.ts";

interface EventInvokeRequest {
  MaximumRetryAttempts: number;
  MaximumEventAgeInSeconds: number;
  DestinationConfig: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

const put =
  (merge: boolean): Operation =>
  (call) => {
    const request = call.json<EventInvokeRequest>();
    const { record, key } = subject(call);
    const before = record.eventInvoke[key];
    if (merge && before === undefined) throw missing(call.service.place, record, key);
    const constraints = new Constraints();
    constraints.number("maximumRetryAttempts", request.MaximumRetryAttempts, 0, 2);
    constraints.number("maximumEventAgeInSeconds", request.MaximumEventAgeInSeconds, 60, 21_600);
    constraints.check();
    const { OnSuccess, OnFailure } = request.DestinationConfig ?? {};
    if (
      request.MaximumRetryAttempts === undefined &&
      request.MaximumEventAgeInSeconds === undefined &&
      request.DestinationConfig === undefined
    ) {
      throw invalidParameter("You must specify at least one of error handling or destination setting.");
    }
    for (const destination of [OnSuccess?.Destination, OnFailure?.Destination])
      if (destination !== undefined) checkDestination(call, record, destination);
    const config: EventInvokeConfig = merge
      ? { ...before, lastModified: Date.now() / 1000 }
      : { lastModified: Date.now() / 1000 };
    if (request.MaximumRetryAttempts !== undefined) config.maximumRetryAttempts = request.MaximumRetryAttempts;
    if (request.MaximumEventAgeInSeconds !== undefined) config.maximumEventAge = request.MaximumEventAgeInSeconds;
    if (OnSuccess !== undefined) config.onSuccess = OnSuccess.Destination;
    if (OnFailure !== undefined) config.onFailure = OnFailure.Destination;
    record.eventInvoke[key] = config;
    call.service.registry.save(record);
    return json(200, shape(call.service.place, record, key, config));
  };

export const putEventInvokeConfig = put(false);
export const updateEventInvokeConfig = put(true);

export const getEventInvokeConfig: Operation = (call) => {
  const { record, key } = subject(call);
  const config = record.eventInvoke[key];
  if (config === undefined) throw missing(call.service.place, record, key);
  return json(200, shape(call.service.place, record, key, config));
};

export const deleteEventInvokeConfig: Operation = (call) => {
  const { record, key } = subject(call);
  if (record.eventInvoke[key] === undefined) throw missing(call.service.place, record, key);
  delete record.eventInvoke[key];
  call.service.registry.save(record);
  return empty(204);
};

export const listEventInvokeConfigs: Operation = (call) => {
  const { record } = call.target();
  const all = Object.entries(record.eventInvoke).map(([key, config]) => shape(call.service.place, record, key, config));
  const { shown, next } = page(all, call.query, 50, 50);
  return json(200, { FunctionEventInvokeConfigs: shown, NextMarker: next });
};

function subject(call: ApiCall): { record: FunctionRecord; key: string } {
  const { record, qualifier } = call.target();
  call.service.registry.resolve(record, qualifier);
  return { record, key: qualifier ?? "$LATEST" };
}

const missing = (place: Place, record: FunctionRecord, key: string): Error =>
  notFound(`The function ${functionArn(place, record.name, key)} doesn't have an EventInvokeConfig`);

function checkDestination(call: ApiCall, record: FunctionRecord, destination: string): void {
  if (!/^arn:aws[a-zA-Z-]*:(lambda|sqs|sns|events|s3):/.test(destination))
    throw invalidParameter(
      `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${destination})) is invalid.`,
    );
  if (!destination.includes(":lambda:")) return;
  const { name } = parseName(destination, undefined, call.service.place);
  if (name === record.name) throw invalidParameter("You can't specify the function as a destination for itself.");
}

function shape(place: Place, record: FunctionRecord, key: string, config: EventInvokeConfig): Record<string, unknown> {
  const destination = (arn: string | undefined): object => (arn === undefined ? {} : { Destination: arn });
  return {
    FunctionArn: functionArn(place, record.name, key),
    LastModified: config.lastModified,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAge,
    DestinationConfig: { OnSuccess: destination(config.onSuccess), OnFailure: destination(config.onFailure) },
  };
}
