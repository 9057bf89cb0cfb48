import { addPermission, getPolicy, removePermission } from "./api/policy.ts";
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from "./api/aliases.ts";
import { deleteConcurrency, getConcurrency, putConcurrency } from "./api/concurrency.ts";
import {
  createFunction,
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  updateFunctionCode,
  updateFunctionConfiguration,
} from "./api/functions.ts";
import {
  deleteEventInvokeConfig,
  getEventInvokeConfig,
  listEventInvokeConfigs,
  putEventInvokeConfig,
  updateEventInvokeConfig,
} from "./api/event-invoke.ts";
import { getAccountSettings, getRecursionConfig, putRecursionConfig } from "./api/account.ts";
import { createUrl, deleteUrl, getUrl, listUrls, updateUrl } from "./api/urls.ts";
import { invoke, invokeAsync } from "./api/invoke.ts";
import { invokeWithResponseStream } from "./api/stream.ts";
import { listVersions, publishVersion } from "./api/versions.ts";
import { listTags, tagResource, untagResource } from "./api/tags.ts";
import { deleteProvisioned, getProvisioned, putProvisioned } from "./api/provisioned.ts";
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from "./api/resource-policy.ts";
import { unsupported } from "./api/unsupported.ts";
import type { Operation } from "./service.ts";

const f = "/2015-03-31/functions";

/** Method and path of every operation; `{}` is one variable part. */
const table: [method: string, path: string, operation: Operation][] = [
  ["POST", `${f}/{}/invocations`, invoke],
  ["POST", "/2021-11-15/functions/{}/response-streaming-invocations", invokeWithResponseStream],
  ["POST", f, createFunction],
  ["GET", f, listFunctions],
  ["GET", `${f}/{}`, getFunction],
  ["DELETE", `${f}/{}`, deleteFunction],
  ["GET", `${f}/{}/configuration`, getFunctionConfiguration],
  ["PUT", `${f}/{}/configuration`, updateFunctionConfiguration],
  ["PUT", `${f}/{}/code`, updateFunctionCode],
  ["POST", `${f}/{}/versions`, publishVersion],
  ["GET", `${f}/{}/versions`, listVersions],
  ["POST", `${f}/{}/aliases`, createAlias],
  ["GET", `${f}/{}/aliases`, listAliases],
  ["GET", `${f}/{}/aliases/{}`, getAlias],
  ["PUT", `${f}/{}/aliases/{}`, updateAlias],
  ["DELETE", `${f}/{}/aliases/{}`, deleteAlias],
  ["POST", `${f}/{}/policy`, addPermission],
  ["GET", `${f}/{}/policy`, getPolicy],
  ["DELETE", `${f}/{}/policy/{}`, removePermission],
  ["PUT", "/2017-10-31/functions/{}/concurrency", putConcurrency],
  ["DELETE", "/2017-10-31/functions/{}/concurrency", deleteConcurrency],
  ["GET", "/2019-09-30/functions/{}/concurrency", getConcurrency],
  ["PUT", "/2019-09-25/functions/{}/event-invoke-config", putEventInvokeConfig],
  ["POST", "/2019-09-25/functions/{}/event-invoke-config", updateEventInvokeConfig],
  ["GET", "/2019-09-25/functions/{}/event-invoke-config", getEventInvokeConfig],
  ["DELETE", "/2019-09-25/functions/{}/event-invoke-config", deleteEventInvokeConfig],
  ["GET", "/2019-09-25/functions/{}/event-invoke-config/list", listEventInvokeConfigs],
  ["POST", "/2021-10-31/functions/{}/url", createUrl],
  ["PUT", "/2021-10-31/functions/{}/url", updateUrl],
  ["GET", "/2021-10-31/functions/{}/url", getUrl],
  ["DELETE", "/2021-10-31/functions/{}/url", deleteUrl],
  ["GET", "/2021-10-31/functions/{}/urls", listUrls],
  ["POST", "/2017-03-31/tags/{}", tagResource],
  ["DELETE", "/2017-03-31/tags/{}", untagResource],
  ["GET", "/2017-03-31/tags/{}", listTags],
  ["GET", "/2016-08-19/account-settings", getAccountSettings],
  ["PUT", "/2024-08-31/functions/{}/recursion-config", putRecursionConfig],
  ["GET", "/2024-08-31/functions/{}/recursion-config", getRecursionConfig],
  ["PUT", "/2019-09-30/functions/{}/provisioned-concurrency", putProvisioned],
  ["GET", "/2019-09-30/functions/{}/provisioned-concurrency", getProvisioned],
  ["DELETE", "/2019-09-30/functions/{}/provisioned-concurrency", deleteProvisioned],
  ["PUT", "/2026-07-09/resource-policy/{}", putResourcePolicy],
  ["GET", "/2026-07-09/resource-policy/{}", getResourcePolicy],
  ["DELETE", "/2026-07-09/resource-policy/{}", deleteResourcePolicy],
  ["POST", "/2014-11-13/functions/{}/invoke-async", invokeAsync],
  ...unsupported,
];

const byShape = new Map<string, { parts: string[]; operation: Operation }[]>();
for (const [method, path, operation] of table) {
  const parts = path.slice(1).split("/");
  const key = `${method} ${parts.length} ${parts[0]}`;
  byShape.set(key, [...(byShape.get(key) ?? []), { parts, operation }]);
}

/** The one path that is asked for thousands of times a second. */
const invocations = /^\/2015-03-31\/functions\/([^/%]+)\/invocations$/;

/** Finds the operation of a request and the decoded variable parts of its path. */
export function route(method: string, path: string): { operation: Operation; params: string[] } | undefined {
  const hot = method === "POST" ? invocations.exec(path)?.[1] : undefined;
  if (hot !== undefined) return { operation: invoke, params: [hot] };
  const given = path.replace(/\/+$/, "").slice(1).split("/");
  for (const { parts, operation } of byShape.get(`${method} ${given.length} ${given[0]}`) ?? []) {
    if (!parts.every((part, index) => part === "{}" || part === given[index])) continue;
    try {
      return { operation, params: given.filter((_, index) => parts[index] === "{}").map(decodeURIComponent) };
    } catch {
      return undefined;
    }
  }
  return undefined;
}
