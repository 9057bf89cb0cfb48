import {
  arnField,
  fromToken,
  groupArn,
  groupIdentifierField,
  groupName,
  groupNameField,
  limitField,
  token,
  tokenField,
} from "../names.ts";
import { Refusal, groupExists, invalidParameter, noSuchGroup } from "../refusal.ts";
import { type Operation, type Service, findGroup } from "../service.ts";
import type { GroupSettings } from "../storage/group.ts";
import { boolean, integer, list, map, parse, required, string } from "../validation.ts";

const CLASSES = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];
/** Days; the values the service accepts. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const createLogGroup: Operation = (service, body) => {
  const input = parse(
    {
      logGroupName: required(groupNameField()),
      kmsKeyId: string({ max: 256 }),
      tags: map({ min: 1, max: 50 }),
      logGroupClass: string({ oneOf: CLASSES }),
      deletionProtectionEnabled: boolean(),
    },
    body,
  );
  if (input.logGroupName.startsWith("aws/")) {
    throw invalidParameter("Log groups starting with AWS/ are reserved for AWS.");
  }
  if (service.store.settings(input.logGroupName)) throw groupExists();
  service.store.create({ ...newGroup(input.logGroupName, service.clock()), ...definedOnly(input) });
};

export function newGroup(name: string, now: number): GroupSettings {
  return { name, created: now, logGroupClass: "STANDARD", deletionProtectionEnabled: false, tags: {} };
}

function definedOnly(input: {
  kmsKeyId?: string;
  tags?: Record<string, string>;
  logGroupClass?: string;
  deletionProtectionEnabled?: boolean;
}) {
  const { kmsKeyId, tags, logGroupClass, deletionProtectionEnabled } = input;
  return Object.fromEntries(
    Object.entries({ kmsKeyId, tags, logGroupClass, deletionProtectionEnabled }).filter(([, value]) => value !== undefined),
  );
}

export const deleteLogGroup: Operation = async (service, body) => {
  const { logGroupName } = parse({ logGroupName: required(groupNameField()) }, body);
  const settings = service.store.settings(logGroupName);
  if (!settings) throw noSuchGroup();
  if (settings.deletionProtectionEnabled) {
    throw new Refusal("ValidationException", "The specified log group has deletion protection enabled and cannot be deleted.");
  }
  await service.store.delete(logGroupName);
};

function describe(service: Service, settings: GroupSettings) {
  const arn = groupArn(service, settings.name);
  return {
    logGroupName: settings.name,
    creationTime: settings.created,
    retentionInDays: settings.retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    kmsKeyId: settings.kmsKeyId,
    storedBytes: service.store.group(settings.name)?.storedBytes ?? 0,
    logGroupClass: settings.logGroupClass,
    deletionProtectionEnabled: settings.deletionProtectionEnabled,
  };
}

export const describeLogGroups: Operation = (service, body) => {
  const input = parse(
    {
      logGroupNamePrefix: groupNameField(),
      logGroupNamePattern: string({ max: 512, pattern: /[.\-_/#A-Za-z0-9]*/ }),
      limit: limitField(50),
      nextToken: tokenField(),
      logGroupClass: string({ oneOf: CLASSES }),
      logGroupIdentifiers: list(groupIdentifierField(), { min: 1, max: 50 }),
    },
    body,
  );
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  const wanted = input.logGroupIdentifiers && new Set(input.logGroupIdentifiers.map(groupName));
  const part = pattern?.toLowerCase();
  return pageOfGroups(
    service,
    "groups",
    input.nextToken,
    input.limit ?? 50,
    (settings) => {
      if (prefix !== undefined && !settings.name.startsWith(prefix)) return false;
      if (part !== undefined && !settings.name.toLowerCase().includes(part)) return false;
      if (input.logGroupClass !== undefined && settings.logGroupClass !== input.logGroupClass) return false;
      return !wanted || wanted.has(settings.name);
    },
    describe,
  );
};

export const listLogGroups: Operation = (service, body) => {
  const input = parse(
    {
      logGroupNamePattern: string({
        min: 3,
        max: 129,
        pattern: /(\^?[.\-_/#A-Za-z0-9]{3,24})(\|\^?[.\-_/#A-Za-z0-9]{3,24}){0,4}/,
      }),
      logGroupClass: string({ oneOf: CLASSES }),
      limit: limitField(1000),
      nextToken: tokenField(),
    },
    body,
  );
  const parts = input.logGroupNamePattern?.split("|");
  return pageOfGroups(
    service,
    "list",
    input.nextToken,
    input.limit ?? 50,
    (settings) => {
      if (input.logGroupClass !== undefined && settings.logGroupClass !== input.logGroupClass) return false;
      if (!parts) return true;
      return parts.some((part) =>
        part.startsWith("^") ? settings.name.startsWith(part.slice(1)) : settings.name.includes(part),
      );
    },
    (place, settings) => ({
      logGroupName: settings.name,
      logGroupArn: groupArn(place, settings.name),
      logGroupClass: settings.logGroupClass,
    }),
  );
};

/** A page of the groups after the one the token names: groups created or deleted between pages disturb nothing. */
function pageOfGroups(
  service: Service,
  kind: string,
  nextToken: string | undefined,
  limit: number,
  wanted: (settings: GroupSettings) => boolean,
  shape: (service: Service, settings: GroupSettings) => unknown,
) {
  const after = nextToken === undefined ? "" : String(fromToken(kind, nextToken));
  const found: GroupSettings[] = [];
  for (const name of service.store.names()) {
    const settings = service.store.settings(name) as GroupSettings;
    if (name > after && wanted(settings)) found.push(settings);
    if (found.length > limit) break;
  }
  const logGroups = found.slice(0, limit);
  return {
    logGroups: logGroups.map((settings) => shape(service, settings)),
    nextToken: found.length > limit ? token(kind, logGroups.at(-1)?.name) : undefined,
  };
}

export const putRetentionPolicy: Operation = async (service, body) => {
  const input = parse({ logGroupName: required(groupNameField()), retentionInDays: required(integer()) }, body);
  const group = findGroup(service, input.logGroupName);
  if (!RETENTIONS.includes(input.retentionInDays)) {
    throw invalidParameter(
      `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(", ")}]`,
    );
  }
  group.settings.retentionInDays = input.retentionInDays;
  service.store.saveSettings(group.settings);
  await group.expire(service.clock());
};

export const deleteRetentionPolicy: Operation = (service, body) => {
  const group = findGroup(service, parse({ logGroupName: required(groupNameField()) }, body).logGroupName);
  delete group.settings.retentionInDays;
  service.store.saveSettings(group.settings);
};

export const putLogGroupDeletionProtection: Operation = (service, body) => {
  const input = parse(
    { logGroupIdentifier: required(groupIdentifierField()), deletionProtectionEnabled: required(boolean()) },
    body,
  );
  const group = findGroup(service, groupName(input.logGroupIdentifier));
  group.settings.deletionProtectionEnabled = input.deletionProtectionEnabled;
  service.store.saveSettings(group.settings);
};

function tag(service: Service, name: string, tags: Record<string, string>): void {
  const group = findGroup(service, name);
  const merged = { ...group.settings.tags, ...tags };
  if (Object.keys(merged).length > 50) throw new Refusal("TooManyTagsException", "A resource can have no more than 50 tags.");
  group.settings.tags = merged;
  service.store.saveSettings(group.settings);
}

function untag(service: Service, name: string, keys: readonly string[]): void {
  const group = findGroup(service, name);
  for (const key of keys) delete group.settings.tags[key];
  service.store.saveSettings(group.settings);
}

const keysField = () => required(list(string({ min: 1, max: 128 }), { min: 0, max: 50 }));

export const tagResource: Operation = (service, body) => {
  const input = parse({ resourceArn: required(arnField()), tags: required(map({ min: 1, max: 50 })) }, body);
  tag(service, groupName(input.resourceArn), input.tags);
};
export const untagResource: Operation = (service, body) => {
  const input = parse({ resourceArn: required(arnField()), tagKeys: keysField() }, body);
  untag(service, groupName(input.resourceArn), input.tagKeys);
};
export const listTagsForResource: Operation = (service, body) => {
  const input = parse({ resourceArn: required(arnField()) }, body);
  return { tags: findGroup(service, groupName(input.resourceArn)).settings.tags };
};
export const tagLogGroup: Operation = (service, body) => {
  const input = parse({ logGroupName: required(groupNameField()), tags: required(map({ min: 1, max: 50 })) }, body);
  tag(service, input.logGroupName, input.tags);
};
export const untagLogGroup: Operation = (service, body) => {
  const input = parse({ logGroupName: required(groupNameField()), tags: keysField() }, body);
  untag(service, input.logGroupName, input.tags);
};
export const listTagsLogGroup: Operation = (service, body) => {
  const input = parse({ logGroupName: required(groupNameField()) }, body);
  return { tags: findGroup(service, input.logGroupName).settings.tags };
};
