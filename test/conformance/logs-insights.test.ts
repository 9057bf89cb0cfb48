import {
  DescribeQueriesCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ACCOUNT, type LogsServer, startLogs } from "./logs/server.ts";

const GROUP = "/aws/lambda/iot-local-analyzeSensor";
const OTHER = "/aws/lambda/iot-local-storeEvent";
const NOW = Date.UTC(2026, 10, 24, 8, 0, 0, 370);
const ID = "11111111-2222-3333-4444-555555555555";
const range = { startTime: Math.floor(NOW / 1000) - 600, endTime: Math.floor(NOW / 1000) + 600 };

let server: LogsServer;

beforeAll(async () => {
  server = await startLogs({ clock: () => NOW });
  const { logs } = server;
  const report = (at: number, duration: number, init = "") => ({
    timestamp: NOW + at,
    message: `REPORT RequestId: ${ID}\tDuration: ${duration} ms\tBilled Duration: ${Math.ceil(duration)} ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t${init}`,
  });
  logs.append(GROUP, "s1", [
    { timestamp: NOW, message: `START RequestId: ${ID} Version: $LATEST` },
    { timestamp: NOW + 1, message: JSON.stringify({ task: "a", ms: 10, user: { id: 1, roles: ["x", "y"] }, ok: true }) },
    { timestamp: NOW + 2, message: JSON.stringify({ task: "a", ms: 30, user: { id: 2 }, level: "error" }) },
    { timestamp: NOW + 3, message: JSON.stringify({ task: "b", ms: 5 }) },
    { timestamp: NOW + 4, message: `2026-11-24T08:00:00.370Z\t${ID}\tINFO\tuser=ann, method:GET, latency := 17` },
    report(5, 12.5, "Init Duration: 120.25 ms\t"),
    { timestamp: NOW + 6, message: `END RequestId: ${ID}` },
  ]);
  logs.append(GROUP, "s2", [report(300_000, 2.5), report(300_001, 4)]);
  logs.append(OTHER, "s", [{ timestamp: NOW + 7, message: JSON.stringify({ task: "c", ms: 1 }) }]);
});
afterAll(async () => {
  await server.stop();
});

const start = (queryString: string, more: Partial<StartQueryCommandInput> = {}) =>
  server.client.send(new StartQueryCommand({ logGroupName: GROUP, ...range, queryString, ...more }));

async function results(queryId: string | undefined) {
  return await vi.waitFor(
    async () => {
      const answer = await server.client.send(new GetQueryResultsCommand({ queryId }));
      expect(answer.status).toBe("Complete");
      return answer;
    },
    { timeout: 10_000, interval: 5 },
  );
}

async function rows(queryString: string, more: Partial<StartQueryCommandInput> = {}) {
  const { results: found } = await results((await start(queryString, more)).queryId);
  return (found ?? []).map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value])),
  );
}

describe("queries", () => {
  test("show time and message of the latest events first, with a pointer to each", async () => {
    const answer = await results((await start("fields @timestamp, @message | limit 2")).queryId);
    expect(answer.results).toEqual([
      [
        { field: "@timestamp", value: "2026-11-24 08:05:00.371" },
        { field: "@message", value: expect.stringContaining("Duration: 4 ms") },
        { field: "@ptr", value: expect.any(String) },
      ],
      [
        { field: "@timestamp", value: "2026-11-24 08:05:00.370" },
        { field: "@message", value: expect.stringContaining("Duration: 2.5 ms") },
        { field: "@ptr", value: expect.any(String) },
      ],
    ]);
    expect(answer.statistics).toMatchObject({ recordsMatched: 2, recordsScanned: 2, logGroupsScanned: 1, resultCount: 2 });
    expect(answer.queryLanguage).toBe("CWLI");
  });

  test.each<[string, object[]]>([
    ['filter @message like "user=" | display @type, @requestId', [{ "@requestId": ID }]],
    [
      "filter @type = 'REPORT' and @initDuration > 100 | fields @duration, @billedDuration, @memorySize, @maxMemoryUsed, @initDuration",
      [
        {
          "@duration": "12.5",
          "@billedDuration": "13",
          "@memorySize": "128000000",
          "@maxMemoryUsed": "70000000",
          "@initDuration": "120.25",
        },
      ],
    ],
    [
      "filter ispresent(ms) | fields task, ms | sort ms desc",
      [
        { task: "a", ms: "30" },
        { task: "a", ms: "10" },
        { task: "b", ms: "5" },
      ],
    ],
    ["filter task = 'a' and ms > 10 | fields user.id as id", [{ id: "2" }]],
    ["filter user.roles.1 = 'y' | fields user.roles[0] as role, ok", [{ role: "x", ok: "1" }]],
    ["filter task in ['b', 'z'] | fields ms", [{ ms: "5" }]],
    ["filter ispresent(task) and task not in ['b'] | sort ms | fields ms", [{ ms: "10" }, { ms: "30" }]],
    ["filter level like /(?i)ERR(or)?/ | fields ms", [{ ms: "30" }]],
    ["filter level =~ /^err/ | fields ms", [{ ms: "30" }]],
    ["filter ispresent(ms) and not (task = 'a') | fields ms", [{ ms: "5" }]],
    [
      "filter ispresent(ms) | fields ms * 2 + 1 as double, strlen(task) as n, toupper(concat(task, '-', ms)) as name | sort double | limit 1",
      [{ double: "11", n: "1", name: "B-5" }],
    ],
    [
      'parse @message "user=*, method:*, latency := *" as who, method, latency | filter ispresent(who) | fields who, method, latency + 1 as next',
      [{ who: "ann", method: "GET", next: "18" }],
    ],
    [
      "parse @message /user=(?<who>\\w+).*latency := (?<latency>\\d+)/ | filter ispresent(who) | display who, latency",
      [{ who: "ann", latency: "17" }],
    ],
    [
      "stats count(*) as n, avg(ms), min(ms), max(ms), sum(ms) / 1000 as seconds by task | filter ispresent(task) | sort task",
      [
        { task: "a", n: "2", "avg(ms)": "20", "min(ms)": "10", "max(ms)": "30", seconds: "0.04" },
        { task: "b", n: "1", "avg(ms)": "5", "min(ms)": "5", "max(ms)": "5", seconds: "0.005" },
      ],
    ],
    [
      "filter @type = 'REPORT' | stats count(*), max(@duration) by bin(5m)",
      [
        { "bin(5m)": "2026-11-24 08:05:00.000", "count(*)": "2", "max(@duration)": "4" },
        { "bin(5m)": "2026-11-24 08:00:00.000", "count(*)": "1", "max(@duration)": "12.5" },
      ],
    ],
    [
      "stats pct(@duration, 50) as p50, count_distinct(@logStream) as streams, earliest(task) as first, latest(task) as last",
      [{ p50: "4", streams: "2", first: "a", last: "b" }],
    ],
    ["stats count(*) by task | sort count(*) desc, task | limit 1", [{ "count(*)": "6" }]],
    ["filter ispresent(task) | stats sum(ms) as total by task | stats max(total) as most", [{ most: "40" }]],
    [
      "filter ispresent(task) | dedup task | fields task, ms",
      [
        { task: "b", ms: "5" },
        { task: "a", ms: "30" },
      ],
    ],
    [
      "fields @logStream, @log, @ingestionTime | limit 1",
      [{ "@logStream": "s2", "@log": `${ACCOUNT}:${GROUP}`, "@ingestionTime": "2026-11-24 08:00:00.370" }],
    ],
    ["# a comment\nFIELDS task | FILTER task = 'b' # another", [{ task: "b" }]],
    ["stats count(*) as n | filter n > 100", []],
  ])("%s", async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  test("read several groups as one, within a range whose ends are inclusive", async () => {
    const groups = { logGroupName: undefined, logGroupNames: [GROUP, OTHER] };
    expect(await rows("filter ispresent(task) | fields task", groups)).toEqual([
      { task: "c" },
      { task: "b" },
      { task: "a" },
      { task: "a" },
    ]);
    const second = Math.floor(NOW / 1000) + 300;
    expect(await rows("fields @duration", { startTime: second, endTime: second })).toEqual([
      { "@duration": "4" },
      { "@duration": "2.5" },
    ]);
    expect(await rows("fields @duration", { startTime: second - 1, endTime: second - 1 })).toEqual([]);
  });

  test("are paged, described, stopped and looked up", async () => {
    const { queryId } = await start("fields @message");
    await results(queryId);
    const first = await server.client.send(new GetQueryResultsCommand({ queryId, maxItems: 6 }));
    const second = await server.client.send(new GetQueryResultsCommand({ queryId, maxItems: 6, nextToken: first.nextToken }));
    expect([first.results?.length, second.results?.length, second.nextToken]).toEqual([6, 3, undefined]);

    const described = await server.client.send(
      new DescribeQueriesCommand({ logGroupName: GROUP, status: "Complete", maxResults: 1 }),
    );
    expect(described.queries?.[0]).toMatchObject({
      queryId,
      queryString: "fields @message",
      status: "Complete",
      createTime: NOW,
      logGroupName: GROUP,
    });
    await expect(server.client.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(server.client.send(new StopQueryCommand({ queryId: "x" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });

    const filtered = await results((await start("filter user.id = 1")).queryId);
    const pointer = filtered.results?.[0]?.find(({ field }) => field === "@ptr")?.value;
    const { logRecord } = await server.client.send(new GetLogRecordCommand({ logRecordPointer: pointer }));
    expect(logRecord).toMatchObject({
      task: "a",
      "user.id": "1",
      "user.roles.1": "y",
      "@logStream": "s1",
      "@timestamp": `${NOW + 1}`,
    });
    await expect(server.client.send(new GetLogRecordCommand({ logRecordPointer: "x" }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("a stopped query stays cancelled", async () => {
    for (let index = 0; index < 50; index++) {
      server.logs.append(
        "flood",
        "s",
        Array.from({ length: 2000 }, (_, n) => ({ timestamp: NOW, message: JSON.stringify({ n, index }) })),
      );
    }
    const { queryId } = await start("stats count(*) by n, index", { logGroupName: "flood" });
    expect(await server.client.send(new StopQueryCommand({ queryId }))).toMatchObject({ success: true });
    expect((await server.client.send(new GetQueryResultsCommand({ queryId }))).status).toBe("Cancelled");
  });
});

test.each([
  ["fields @message | filtr x = 1", "unexpected symbol found 'filtr'", 18, 23],
  ["filter x = ", "unexpected the end of the query, expected a field name", 11, 12],
  ["filter (x = 1", "unexpected the end of the query, expected ')'", 13, 14],
  ["filter @message like /(/", "invalid regular expression: Invalid filter pattern", 21, 24],
  ["fields nosuch(x)", "unknown function 'nosuch'", 7, 13],
  ["stats count(*) by bin(5 lightyears)", "unknown period '5lightyears'", 22, 34],
  ["limit 0", "unexpected '0', expected a number from 1 to 100000", 6, 7],
  ["sort x | stats count(*)", "sort and limit must follow the last of at most 10 stats commands", 15, 16],
  ["fields @message }", "unexpected character '}'", 16, 17],
])("the mistake in «%s» is told with its place", async (query, message, startCharOffset, endCharOffset) => {
  await expect(start(query)).rejects.toMatchObject({
    name: "MalformedQueryException",
    message,
    queryCompileError: { message, location: { startCharOffset, endCharOffset } },
  });
});

test("queries nested beyond reason are refused, not fatal", async () => {
  await expect(start(`filter ${"(".repeat(9900)}`)).rejects.toMatchObject({ name: "MalformedQueryException" });
});

test("wrong requests are refused", async () => {
  const invalid = expect.objectContaining({ name: "InvalidParameterException" });
  await expect(start("fields x", { logGroupNames: [OTHER] })).rejects.toEqual(invalid);
  await expect(start("fields x", { startTime: 2, endTime: 1 })).rejects.toEqual(invalid);
  await expect(start("source = x", { queryLanguage: "PPL" })).rejects.toEqual(invalid);
  await expect(start("fields x", { logGroupName: "missing" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
