import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  TestMetricFilterCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DAY, GROUP, HOUR, invalid, noGroup, noStream, STREAM } from "./logs/expected.ts";
import { ACCOUNT, type LogsServer, REGION, startLogs } from "./logs/server.ts";

let now = Date.UTC(2026, 10, 24, 8);
let server: LogsServer;

beforeAll(async () => {
  server = await startLogs({ clock: () => now });
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  now = Date.UTC(2026, 10, 24, 8);
  const { logGroups } = await server.client.send(new DescribeLogGroupsCommand({}));
  for (const group of logGroups ?? []) await server.client.send(new DeleteLogGroupCommand({ logGroupName: group.logGroupName }));
  await server.client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await server.client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: STREAM }));
});

const put = (logEvents: { timestamp: number; message: string }[], logStreamName = STREAM) =>
  server.client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName, logEvents }));
describe("PutLogEvents", () => {
  test("rejects what is too old, expired or too new, and takes the rest", async () => {
    const answer = await put([
      { timestamp: now, message: "fine" },
      { timestamp: now + 2 * HOUR, message: "just fine" },
      { timestamp: now + 2 * HOUR + 1, message: "too new" },
    ]);
    expect(answer.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 2 });
    expect(answer.nextSequenceToken).toMatch(/^\d{56}$/);
    const old = await put([
      { timestamp: now - 14 * DAY - 1, message: "too old" },
      { timestamp: now - 14 * DAY, message: "old enough" },
    ]);
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    await server.client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 1 }));
    const expired = await put([
      { timestamp: now - DAY - 1, message: "expired" },
      { timestamp: now - DAY, message: "not expired" },
    ]);
    expect(expired.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    const { events } = await server.client.send(new FilterLogEventsCommand({ logGroupName: GROUP }));
    expect(events?.map((event) => event.message)).toEqual(["not expired", "fine", "just fine"]);
    expect((await put([{ timestamp: now, message: "fine" }])).rejectedLogEventsInfo).toBeUndefined();
  });

  test("refuses whole batches as the service does", async () => {
    await expect(
      put([
        { timestamp: now + 1, message: "b" },
        { timestamp: now, message: "a" },
      ]),
    ).rejects.toEqual(invalid("Log events in a single PutLogEvents request must be in chronological order."));
    await expect(
      put([
        { timestamp: now - DAY - 1, message: "a" },
        { timestamp: now, message: "b" },
      ]),
    ).rejects.toEqual(invalid());
    await expect(put([{ timestamp: now, message: "" }])).rejects.toEqual(invalid());
    await expect(put([])).rejects.toEqual(invalid());
    await expect(put(Array.from({ length: 10_001 }, () => ({ timestamp: now, message: "x" })))).rejects.toEqual(invalid());
  });

  test("counts a batch to the byte: UTF-8 and 26 for each event", async () => {
    const half = 1_048_576 / 2 - 26;
    const fits = [
      { timestamp: now, message: "é".repeat(half / 2) },
      { timestamp: now, message: "x".repeat(half) },
    ];
    await put(fits);
    await expect(put([...fits.slice(0, 1), { timestamp: now, message: "x".repeat(half + 1) }])).rejects.toEqual(
      invalid("Upload too large: 1048577 bytes exceeds limit of 1048576"),
    );
  });
});

describe("GetLogEvents", () => {
  const get = (request: object) =>
    server.client.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: STREAM, ...request }));
  const texts = (events: { message?: string }[] | undefined) => events?.map((event) => event.message).join(" ");

  beforeEach(async () => {
    await put(Array.from({ length: 10 }, (_, index) => ({ timestamp: now + index, message: `${index}` })));
  });

  test("gives the last events, the start inclusive and the end exclusive", async () => {
    const { events } = await get({ limit: 3 });
    expect(events).toEqual([7, 8, 9].map((index) => ({ timestamp: now + index, message: `${index}`, ingestionTime: now })));
    expect(texts((await get({ startTime: now + 2, endTime: now + 5 })).events)).toBe("2 3 4");
    expect(texts((await get({ startTime: now + 2, endTime: now + 5, limit: 2 })).events)).toBe("3 4");
    expect(texts((await get({ startFromHead: true, limit: 2 })).events)).toBe("0 1");
  });

  test("pages forwards and backwards; a token comes back as it was when there is nothing more", async () => {
    const first = await get({ limit: 4, startFromHead: true });
    const second = await get({ limit: 4, startFromHead: true, nextToken: first.nextForwardToken });
    const third = await get({ limit: 4, startFromHead: true, nextToken: second.nextForwardToken });
    expect([first, second, third].map((page) => texts(page.events))).toEqual(["0 1 2 3", "4 5 6 7", "8 9"]);
    const end = await get({ limit: 4, startFromHead: true, nextToken: third.nextForwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(third.nextForwardToken);
    const back = await get({ limit: 4, nextToken: third.nextBackwardToken });
    expect(texts(back.events)).toBe("4 5 6 7");
    // A follower finds what has arrived since at the token it holds.
    await put([{ timestamp: now + 9, message: "late" }]);
    expect(texts((await get({ startFromHead: true, nextToken: end.nextForwardToken })).events)).toBe("late");
    expect(first.nextForwardToken).toMatch(/^f\/\d{56}\/s$/);
    expect(first.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/);
  });

  test("refuses tokens that are none, and tokens of other streams", async () => {
    await server.client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "other" }));
    const { nextForwardToken } = await get({});
    const noToken = invalid("The specified nextToken is invalid.");
    await expect(get({ nextToken: "invalid" })).rejects.toEqual(noToken);
    await expect(get({ nextToken: nextForwardToken, logStreamName: "other" })).rejects.toEqual(noToken);
    await expect(get({ limit: 10_001 })).rejects.toEqual(
      invalid(
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
      ),
    );
    await expect(get({ logStreamName: "missing" })).rejects.toEqual(noStream);
    await expect(get({ logGroupName: "missing" })).rejects.toEqual(noGroup);
  });

  test("puts at most 1 MB into a page", async () => {
    const message = "m".repeat(200_000);
    for (let index = 0; index < 3; index++) {
      await put(Array.from({ length: 5 }, () => ({ timestamp: now + 100, message })));
    }
    const page = await get({ startTime: now + 100 });
    expect(page.events).toHaveLength(5);
  });
});

describe("FilterLogEvents", () => {
  const filter = (request: object) => server.client.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...request }));

  beforeEach(async () => {
    await server.client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "other" }));
    await put([0, 2, 4].map((at) => ({ timestamp: now + at, message: JSON.stringify({ at, task: "a" }) })));
    await put(
      [1, 3, 5].map((at) => ({ timestamp: now + at, message: JSON.stringify({ at, task: "b" }) })),
      "other",
    );
  });
  const at = (events: { message?: string }[] | undefined) =>
    events?.map((event) => (JSON.parse(event.message ?? "") as { at: number }).at);

  test("merges streams by time; the end is inclusive", async () => {
    const { events, searchedLogStreams, nextToken } = await filter({ startTime: now + 1, endTime: now + 4 });
    expect(at(events)).toEqual([1, 2, 3, 4]);
    expect(events?.[0]).toEqual({
      logStreamName: "other",
      timestamp: now + 1,
      message: '{"at":1,"task":"b"}',
      ingestionTime: now,
      eventId: expect.stringMatching(/^\d{56}$/),
    });
    expect(searchedLogStreams).toEqual([]);
    expect(nextToken).toBeUndefined();
  });

  test("selects by pattern and by streams", async () => {
    expect(at((await filter({ filterPattern: '{ $.task = "b" && $.at > 1 }' })).events)).toEqual([3, 5]);
    expect(at((await filter({ logStreamNames: [STREAM] })).events)).toEqual([0, 2, 4]);
    expect(at((await filter({ logStreamNames: [STREAM, "other"], filterPattern: "a" })).events)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(at((await filter({ logStreamNamePrefix: "oth" })).events)).toEqual([1, 3, 5]);
    const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}`;
    const byArn = await server.client.send(new FilterLogEventsCommand({ logGroupIdentifier: arn, limit: 1 }));
    expect(at(byArn.events)).toEqual([0]);
    await expect(filter({ logStreamNames: ["other"], logStreamNamePrefix: "o" })).rejects.toEqual(invalid());
    await expect(filter({ filterPattern: "{ $.a" })).rejects.toEqual(
      invalid("If a filter pattern starts with '{' it must end with '}'"),
    );
    await expect(filter({ nextToken: "x" })).rejects.toEqual(invalid("The specified nextToken is invalid."));
    await expect(server.client.send(new FilterLogEventsCommand({ logGroupName: "missing" }))).rejects.toEqual(noGroup);
  });

  test("pages in both directions, past a restart, whatever arrives between", async () => {
    const found: (number[] | undefined)[] = [];
    for await (const page of paginateFilterLogEvents({ client: server.client, pageSize: 4 }, { logGroupName: GROUP })) {
      found.push(at(page.events));
      await server.restart();
      await put([{ timestamp: now - 1, message: JSON.stringify({ at: -1 }) }]);
    }
    expect(found).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
    const first = await filter({ startFromHead: false, startTime: now, limit: 4 });
    expect(at(first.events)).toEqual([5, 4, 3, 2]);
    // The direction is that of the first request, whatever the next one says.
    const second = await filter({ startFromHead: true, startTime: now, limit: 4, nextToken: first.nextToken });
    expect(at(second.events)).toEqual([1, 0]);
    expect(second.nextToken).toBeUndefined();
    await expect(filter({ startFromHead: false })).rejects.toEqual(invalid());
  });

  test("tokens live for a day", async () => {
    const { nextToken } = await filter({ limit: 1 });
    now += DAY + 1;
    await expect(filter({ limit: 1, nextToken })).rejects.toEqual(invalid("The specified nextToken is invalid."));
  });
});

test("TestMetricFilter says what a pattern matches and takes out", async () => {
  const test404 = await server.client.send(
    new TestMetricFilterCommand({
      filterPattern: "[..., request=*.html*, status_code=4*,]",
      logEventMessages: [
        '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
        '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /about-us/index.html HTTP/1.0" 200 5324',
        '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /products/index.html HTTP/1.0" 400 1534',
      ],
    }),
  );
  expect(test404.matches?.map((match) => match.eventNumber)).toEqual([0, 2]);
  expect(test404.matches?.[0]?.extractedValues).toEqual({
    $1: "127.0.0.1",
    $2: "-",
    $3: "frank",
    $4: "10/Oct/2000:13:25:15 -0700",
    $request: "GET /index.html HTTP/1.0",
    $status_code: "404",
    $7: "1534",
  });
  const json = await server.client.send(
    new TestMetricFilterCommand({ filterPattern: "{ $.a.b > 1 }", logEventMessages: ['{"a":{"b":2}}', "{}", "x"] }),
  );
  expect(json.matches).toEqual([{ eventNumber: 0, eventMessage: '{"a":{"b":2}}', extractedValues: { "$.a.b": "2" } }]);
});

test("operations that are not there are refused as the service refuses unknown ones", async () => {
  const command = new PutMetricFilterCommand({
    logGroupName: GROUP,
    filterName: "f",
    filterPattern: "",
    metricTransformations: [],
  });
  await expect(server.client.send(command)).rejects.toEqual(
    expect.objectContaining({ name: "UnknownOperationException", $metadata: expect.objectContaining({ httpStatusCode: 400 }) }),
  );
});
