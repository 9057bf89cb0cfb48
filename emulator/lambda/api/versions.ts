import { randomUUID } from "node:crypto";
import { json } from "../../http/reply.ts";
import { invalidParameter, preconditionFailed } from "../errors.ts";
import type { FunctionRecord, Version } from "../model.ts";
import type { Operation } from "../service.ts";
import { configuration } from "./configuration.ts";
import { page } from "./page.ts";

/** Freezes `$LATEST` as a version; if nothing has changed since the last one, that one is returned. */
export function publish(record: FunctionRecord, description: string | undefined): Version {
  const { latest } = record;
  const settings = description === undefined ? latest.settings : { ...latest.settings, description };
  const last = record.versions.at(-1);
  if (
    last !== undefined &&
    last.code.sha256 === latest.code.sha256 &&
    JSON.stringify({ ...last.settings, description: "" }) === JSON.stringify({ ...settings, description: "" })
  )
    return last;
  const version: Version = {
    ...latest,
    settings,
    version: String(record.nextVersion),
    revisionId: randomUUID(),
    update: latest.state === "Pending" ? undefined : "Successful",
  };
  record.nextVersion++;
  record.versions.push(version);
  return version;
}

export const publishVersion: Operation = (call) => {
  const request = call.json<{ CodeSha256: string; Description: string; RevisionId: string }>();
  const { record } = call.target();
  const { registry, place } = call.service;
  registry.requireSettled(record);
  const { sha256 } = record.latest.code;
  if (request.RevisionId !== undefined && request.RevisionId !== record.latest.revisionId) throw preconditionFailed();
  if (request.CodeSha256 !== undefined && request.CodeSha256 !== "" && request.CodeSha256 !== sha256) {
    throw invalidParameter(
      `CodeSHA256 (${request.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  const version = publish(record, request.Description);
  registry.save(record);
  return json(201, configuration(place, record, version, { qualified: true }));
};

export const listVersions: Operation = (call) => {
  const { record } = call.target();
  const all = [record.latest, ...record.versions].map((version) =>
    configuration(call.service.place, record, version, { qualified: true, listed: true }),
  );
  const { shown, next } = page(all, call.query, 50);
  return json(200, { Versions: shown, NextMarker: next });
};
