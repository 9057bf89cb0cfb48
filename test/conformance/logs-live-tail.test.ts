import { type StartLiveTailResponseStream, StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ACCOUNT, type LogsServer, REGION, startLogs } from "./logs/server.ts";

const GROUP = "/aws/lambda/tailed";
const arn = (group: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`;

let server: LogsServer;
beforeEach(async () => {
  server = await startLogs();
  server.logs.append(GROUP, "a", [{ timestamp: Date.now(), message: "before the session" }]);
});
afterEach(async () => {
  await server.stop();
});

const start = (request: object = {}) =>
  server.client.send(new StartLiveTailCommand({ logGroupIdentifiers: [arn(GROUP)], ...request }));

/** Runs a session: `begun` when it has started, then collects results until there are `count`. */
async function tail(stream: AsyncIterable<StartLiveTailResponseStream>, begun: () => void, count: number) {
  const results: {
    message?: string;
    logStreamName?: string;
    logGroupIdentifier?: string;
    timestamp?: number;
    ingestionTime?: number;
  }[] = [];
  let sampled = false;
  for await (const event of stream) {
    if (event.sessionStart) begun();
    results.push(...(event.sessionUpdate?.sessionResults ?? []));
    sampled ||= event.sessionUpdate?.sessionMetadata?.sampled === true;
    if (results.length >= count) break;
  }
  return { results, sampled };
}

test("what arrives during the session and matches is sent within a second", async () => {
  const { responseStream } = await start({ logEventFilterPattern: '{ $.level = "error" }' });
  const timestamp = Date.now();
  const { results, sampled } = await tail(
    responseStream!,
    () => {
      server.logs.append(GROUP, "a", [{ timestamp, message: '{"level":"info"}' }]);
      server.logs.append(GROUP, "b", [{ timestamp, message: '{"level":"error","n":1}' }]);
    },
    1,
  );
  expect(sampled).toBe(false);
  expect(results).toEqual([
    {
      logGroupIdentifier: arn(GROUP),
      logStreamName: "b",
      message: '{"level":"error","n":1}',
      timestamp,
      ingestionTime: expect.any(Number),
    },
  ]);
});

test("a session may be limited to streams of one group", async () => {
  const { responseStream } = await start({ logStreamNamePrefixes: ["b"] });
  const { results } = await tail(
    responseStream!,
    () => {
      for (const stream of ["a", "b1", "c", "b2"])
        server.logs.append(GROUP, stream, [{ timestamp: Date.now(), message: stream }]);
    },
    2,
  );
  expect(results.map((result) => result.message)).toEqual(["b1", "b2"]);
});

test("more than 500 events a second are sampled", async () => {
  const { responseStream } = await start();
  const { results, sampled } = await tail(
    responseStream!,
    () =>
      server.logs.append(
        GROUP,
        "a",
        Array.from({ length: 2000 }, (_, index) => ({ timestamp: Date.now(), message: `${index}` })),
      ),
    500,
  );
  expect(results).toHaveLength(500);
  expect(sampled).toBe(true);
});

test("fifteen sessions at once; those whose client has gone make room for others", async () => {
  const clients = Array.from({ length: 15 }, () => server.newClient());
  const command = new StartLiveTailCommand({ logGroupIdentifiers: [arn(GROUP)] });
  for (const client of clients) await tail((await client.send(command)).responseStream!, () => undefined, 0);
  await expect(start()).rejects.toEqual(expect.objectContaining({ name: "LimitExceededException" }));
  for (const client of clients) client.destroy();
  await vi.waitFor(() => start(), { timeout: 10_000, interval: 20 });
});

test("wrong requests are refused", async () => {
  const invalid = expect.objectContaining({ name: "InvalidParameterException" });
  await expect(start({ logGroupIdentifiers: [`${arn(GROUP)}:*`] })).rejects.toEqual(invalid);
  await expect(start({ logStreamNames: ["a"], logStreamNamePrefixes: ["b"] })).rejects.toEqual(invalid);
  await expect(start({ logGroupIdentifiers: [arn(GROUP), arn("x")], logStreamNames: ["a"] })).rejects.toEqual(invalid);
  await expect(start({ logEventFilterPattern: "%(%" })).rejects.toEqual(invalid);
  await expect(start({ logGroupIdentifiers: [arn("missing")] })).rejects.toEqual(
    expect.objectContaining({ name: "ResourceNotFoundException", message: "The specified log group does not exist." }),
  );
});
