import { randomUUID } from "node:crypto";
import { parseQuery } from "../insights/parse-query.ts";
import { type QueryProgress, runQuery } from "../insights/run-query.ts";
import { fromToken, groupIdentifierField, groupName, groupNameField, token, tokenField } from "../names.ts";
import { Refusal, invalidParameter } from "../refusal.ts";
import { type Operation, type Service, findGroup } from "../service.ts";
import { integer, list, parse, required, string } from "../validation.ts";

const MAX_RUNNING = 100;
/** Finished queries whose results are kept, the oldest are forgotten. */
const MAX_KEPT = 200;

interface RunningQuery {
  readonly id: string;
  readonly text: string;
  readonly groups: readonly string[];
  readonly created: number;
  readonly progress: QueryProgress;
  readonly stop: AbortController;
  status: "Running" | "Complete" | "Failed" | "Cancelled";
  /** Milliseconds it took. */
  duration?: number;
}

const queriesOf = new WeakMap<Service, Map<string, RunningQuery>>();

function queries(service: Service): Map<string, RunningQuery> {
  let found = queriesOf.get(service);
  if (!found) queriesOf.set(service, (found = new Map()));
  return found;
}

function findQuery(service: Service, id: string): RunningQuery {
  const query = queries(service).get(id);
  if (!query) throw new Refusal("ResourceNotFoundException", "The specified query does not exist.");
  return query;
}

export const startQuery: Operation = (service, body) => {
  const input = parse(
    {
      logGroupName: groupNameField(),
      logGroupNames: list(groupNameField(), { min: 1, max: 50 }),
      logGroupIdentifiers: list(groupIdentifierField(), { min: 1, max: 50 }),
      startTime: required(integer({ min: 0 })),
      endTime: required(integer({ min: 0 })),
      queryString: required(string({ max: 10_000 })),
      limit: integer({ min: 1, max: 100_000 }),
      queryLanguage: string({ oneOf: ["CWLI", "SQL", "PPL"] }),
    },
    body,
  );
  const given = [input.logGroupName && [input.logGroupName], input.logGroupNames, input.logGroupIdentifiers].filter(
    (names) => names !== undefined,
  );
  if (given.length !== 1) {
    throw invalidParameter("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.");
  }
  if (input.queryLanguage !== undefined && input.queryLanguage !== "CWLI") {
    throw invalidParameter(`Queries in ${input.queryLanguage} are not supported, only in the Logs Insights query language.`);
  }
  if (input.startTime > input.endTime) throw invalidParameter("Query start time must not be after its end time.");
  const groups = (given[0] as string[]).map((name) => findGroup(service, groupName(name)));
  const query = parseQuery(input.queryString);
  const known = queries(service);
  if ([...known.values()].filter(({ status }) => status === "Running").length >= MAX_RUNNING) {
    throw new Refusal("LimitExceededException", "Account maximum query concurrency limit of [100] reached.");
  }
  const now = service.clock();
  const running: RunningQuery = {
    id: randomUUID(),
    text: input.queryString,
    groups: groups.map((group) => group.name),
    created: now,
    progress: { results: [], recordsScanned: 0, recordsMatched: 0, bytesScanned: 0 },
    stop: new AbortController(),
    status: "Running",
  };
  known.set(running.id, running);
  forget(known);
  const started = performance.now();
  const range = { from: input.startTime * 1000, to: input.endTime * 1000 + 999 };
  runQuery(
    { query, groups, accountId: service.accountId, ...range, now, limit: input.limit },
    running.progress,
    running.stop.signal,
  )
    .then(
      () => running.status === "Running" && (running.status = "Complete"),
      () => (running.status = "Failed"),
    )
    .finally(() => (running.duration = Math.round(performance.now() - started)))
    .catch(() => undefined);
  return { queryId: running.id };
};

function forget(known: Map<string, RunningQuery>): void {
  for (const [id, query] of known) {
    if (known.size <= MAX_KEPT) return;
    if (query.status !== "Running") known.delete(id);
  }
}

export const getQueryResults: Operation = (service, body) => {
  const input = parse(
    { queryId: required(string({ max: 256 })), nextToken: tokenField(), maxItems: integer({ min: 1, max: 10_000 }) },
    body,
  );
  const { status, progress, groups } = findQuery(service, input.queryId);
  const kind = `results:${input.queryId}`;
  const from = input.nextToken === undefined ? 0 : (fromToken(kind, input.nextToken) as number);
  const to = from + (input.maxItems ?? 10_000);
  return {
    queryLanguage: "CWLI",
    status,
    results: progress.results.slice(from, to),
    nextToken: status !== "Running" && to < progress.results.length ? token(kind, to) : undefined,
    statistics: {
      recordsMatched: progress.recordsMatched,
      recordsScanned: progress.recordsScanned,
      bytesScanned: progress.bytesScanned,
      estimatedRecordsSkipped: 0,
      estimatedBytesSkipped: 0,
      logGroupsScanned: groups.length,
      resultCount: progress.results.length,
    },
  };
};

export const stopQuery: Operation = (service, body) => {
  const query = findQuery(service, parse({ queryId: required(string({ max: 256 })) }, body).queryId);
  if (query.status !== "Running") throw invalidParameter("The specified query is not running.");
  query.status = "Cancelled";
  query.stop.abort();
  return { success: true };
};

export const describeQueries: Operation = (service, body) => {
  const input = parse(
    {
      logGroupName: groupNameField(),
      status: string({ oneOf: ["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"] }),
      maxResults: integer({ min: 1, max: 1000 }),
      nextToken: tokenField(),
      queryLanguage: string({ oneOf: ["CWLI", "SQL", "PPL"] }),
    },
    body,
  );
  const from = input.nextToken === undefined ? 0 : (fromToken("queries", input.nextToken) as number);
  const to = from + (input.maxResults ?? 1000);
  const found = [...queries(service).values()]
    .toReversed()
    .filter((query) => input.logGroupName === undefined || query.groups.includes(input.logGroupName))
    .filter((query) => input.status === undefined || query.status === input.status)
    .filter(() => input.queryLanguage === undefined || input.queryLanguage === "CWLI");
  return {
    queries: found.slice(from, to).map((query) => ({
      queryLanguage: "CWLI",
      queryId: query.id,
      queryString: query.text,
      status: query.status,
      createTime: query.created,
      logGroupName: query.groups[0],
      queryDuration: query.duration,
      bytesScanned: query.progress.bytesScanned,
    })),
    nextToken: to < found.length ? token("queries", to) : undefined,
  };
};
