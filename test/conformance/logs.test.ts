import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GROUP, invalid, noGroup, noStream, refusal, STREAM } from "./logs/expected.ts";
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
describe("log groups", () => {
  test("are described as the service describes them", async () => {
    await put([{ timestamp: now, message: "hello" }]);
    const { logGroups, nextToken } = await server.client.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/" }),
    );
    expect(nextToken).toBeUndefined();
    expect(logGroups).toEqual([
      {
        logGroupName: GROUP,
        creationTime: now,
        metricFilterCount: 0,
        arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}:*`,
        logGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}`,
        storedBytes: 31,
        logGroupClass: "STANDARD",
        deletionProtectionEnabled: false,
      },
    ]);
  });

  test("come in pages in ASCII order, by prefix, by part of the name, by class", async () => {
    const names = ["Zeta", "alpha", "b/1", "b/2", "b-3"];
    for (const logGroupName of names) {
      await server.client.send(
        new CreateLogGroupCommand({ logGroupName, logGroupClass: logGroupName === "b/2" ? "INFREQUENT_ACCESS" : undefined }),
      );
    }
    const found: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateDescribeLogGroups({ client: server.client, pageSize: 2 }, {})) {
      found.push(...(page.logGroups ?? []).map((group) => group.logGroupName));
      pages++;
    }
    expect(found).toEqual([GROUP, "Zeta", "alpha", "b-3", "b/1", "b/2"]);
    expect(pages).toBe(3);
    const described = async (request: object) =>
      (await server.client.send(new DescribeLogGroupsCommand(request))).logGroups?.map((group) => group.logGroupName);
    expect(await described({ logGroupNamePrefix: "b/" })).toEqual(["b/1", "b/2"]);
    expect(await described({ logGroupNamePattern: "ETA" })).toEqual(["Zeta"]);
    expect(await described({ logGroupClass: "INFREQUENT_ACCESS" })).toEqual(["b/2"]);
    await expect(described({ logGroupNamePrefix: "a", logGroupNamePattern: "b" })).rejects.toEqual(
      invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."),
    );
    const listed = await server.client.send(new ListLogGroupsCommand({ logGroupNamePattern: "^Zet|lph" }));
    expect(listed.logGroups?.map((group) => group.logGroupName)).toEqual(["Zeta", "alpha"]);
  });

  test("cannot be made twice, nor with a name that is none", async () => {
    const create = (logGroupName: string | undefined) => server.client.send(new CreateLogGroupCommand({ logGroupName }));
    await expect(create(GROUP)).rejects.toEqual(
      refusal("ResourceAlreadyExistsException", "The specified log group already exists"),
    );
    await expect(create("a b")).rejects.toEqual(
      invalid(
        String.raw`1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [.\-_/#A-Za-z0-9]+`,
      ),
    );
    await expect(create("x".repeat(513))).rejects.toEqual(invalid());
    await expect(create("aws/x")).rejects.toEqual(invalid());
    await expect(create(undefined)).rejects.toEqual(
      invalid("1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"),
    );
  });

  test("are deleted with all they hold, unless protected", async () => {
    const remove = () => server.client.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
    const protect = (deletionProtectionEnabled: boolean) =>
      server.client.send(new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: GROUP, deletionProtectionEnabled }));
    await protect(true);
    await expect(remove()).rejects.toEqual(refusal("ValidationException"));
    await protect(false);
    await remove();
    await expect(remove()).rejects.toEqual(noGroup);
    await expect(put([{ timestamp: now, message: "x" }])).rejects.toEqual(noGroup);
    await server.client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    const streams = await server.client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
    expect(streams.logStreams).toEqual([]);
  });

  test("keep retention and tags across a restart", async () => {
    const resourceArn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}`;
    await server.client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 7 }));
    await server.client.send(new TagResourceCommand({ resourceArn, tags: { app: "iot", stage: "local" } }));
    await server.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["stage"] }));
    await server.restart();
    expect((await server.client.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays).toBe(7);
    expect((await server.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ app: "iot" });
    expect((await server.client.send(new ListTagsLogGroupCommand({ logGroupName: GROUP }))).tags).toEqual({ app: "iot" });
    await server.client.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));
    expect((await server.client.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays).toBeUndefined();
    await expect(server.client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 2 }))).rejects.toEqual(
      invalid(),
    );
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, ""]));
    await expect(server.client.send(new TagResourceCommand({ resourceArn, tags }))).rejects.toEqual(
      refusal("TooManyTagsException"),
    );
  });
});

describe("log streams", () => {
  test("are described by name or by last event, in pages", async () => {
    for (const [index, logStreamName] of ["b", "a", "c"].entries()) {
      await server.client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName }));
      await put([{ timestamp: now - index * 1000, message: "x" }], logStreamName);
    }
    const described = async (request: object) => {
      const names: (string | undefined)[] = [];
      const pages = paginateDescribeLogStreams({ client: server.client, pageSize: 2 }, { logGroupName: GROUP, ...request });
      for await (const page of pages) names.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName));
      return names;
    };
    expect(await described({})).toEqual([STREAM, "a", "b", "c"]);
    expect(await described({ descending: true })).toEqual(["c", "b", "a", STREAM]);
    expect(await described({ orderBy: "LastEventTime", descending: true })).toEqual(["b", "a", "c", STREAM]);
    expect(await described({ logStreamNamePrefix: "2026/" })).toEqual([STREAM]);
    await expect(described({ orderBy: "LastEventTime", logStreamNamePrefix: "a" })).rejects.toEqual(invalid());
    const [stream] =
      (await server.client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, logStreamNamePrefix: "b" }))).logStreams ??
      [];
    expect(stream).toEqual({
      logStreamName: "b",
      creationTime: now,
      firstEventTimestamp: now,
      lastEventTimestamp: now,
      lastIngestionTime: now,
      uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
      arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}:log-stream:b`,
      storedBytes: 0,
    });
    await expect(
      server.client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, logGroupIdentifier: GROUP })),
    ).rejects.toEqual(refusal("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters."));
  });

  test("are refused twice, with a colon, in a group that is not there; deleted once", async () => {
    const create = (logStreamName: string, logGroupName = GROUP) =>
      server.client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const remove = () => server.client.send(new DeleteLogStreamCommand({ logGroupName: GROUP, logStreamName: STREAM }));
    await expect(create(STREAM)).rejects.toEqual(
      refusal("ResourceAlreadyExistsException", "The specified log stream already exists"),
    );
    await expect(create("a:b")).rejects.toEqual(invalid());
    await expect(create("a", "missing")).rejects.toEqual(noGroup);
    await remove();
    await expect(remove()).rejects.toEqual(noStream);
    await expect(put([{ timestamp: now, message: "x" }])).rejects.toEqual(noStream);
  });
});
