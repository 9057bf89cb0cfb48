import * as fc from "fast-check";
import { OPERATIONS } from "../../../emulator/logs/operations/table.ts";

/** A request whose form is good and whose content is anything. */
export interface AnyRequest {
  method: string;
  path: string;
  target?: string;
  body: string;
}

const f = "/2015-03-31/functions";
/** Method, path and body members of what takes a body; `{}` is a function. */
const operations: readonly (readonly [method: string, path: string, members: readonly string[]])[] = [
  ["POST", f, ["FunctionName", "Role", "Runtime", "Handler", "Code", "Publish", "Tags", "Timeout", "MemorySize", "PackageType"]],
  [
    "POST",
    f,
    ["FunctionName", "Role", "Runtime", "Handler", "Code", "Environment", "LoggingConfig", "EphemeralStorage", "VpcConfig"],
  ],
  [
    "PUT",
    `${f}/{}/configuration`,
    ["Role", "Runtime", "Handler", "Environment", "Architectures", "LoggingConfig", "Layers", "SnapStart"],
  ],
  [
    "PUT",
    `${f}/{}/configuration`,
    ["Description", "Timeout", "MemorySize", "EphemeralStorage", "TracingConfig", "DeadLetterConfig", "RevisionId"],
  ],
  ["PUT", `${f}/{}/code`, ["ZipFile", "S3Bucket", "ImageUri", "Architectures", "Publish", "DryRun", "RevisionId"]],
  ["POST", `${f}/{}/versions`, ["CodeSha256", "Description", "RevisionId"]],
  ["POST", `${f}/{}/aliases`, ["Name", "FunctionVersion", "Description", "RoutingConfig"]],
  ["PUT", `${f}/{}/aliases/live`, ["FunctionVersion", "Description", "RoutingConfig", "RevisionId"]],
  ["POST", `${f}/{}/policy`, ["StatementId", "Action", "Principal", "SourceArn", "FunctionUrlAuthType", "InvokedViaFunctionUrl"]],
  ["PUT", "/2017-10-31/functions/{}/concurrency", ["ReservedConcurrentExecutions"]],
  ["PUT", "/2019-09-30/functions/{}/provisioned-concurrency?Qualifier=live", ["ProvisionedConcurrentExecutions"]],
  [
    "PUT",
    "/2019-09-25/functions/{}/event-invoke-config",
    ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"],
  ],
  ["POST", "/2021-10-31/functions/{}/url", ["AuthType", "InvokeMode", "Cors"]],
  ["PUT", "/2021-10-31/functions/{}/url", ["AuthType", "InvokeMode", "Cors"]],
  ["POST", "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3A{}", ["Tags"]],
  ["PUT", "/2024-08-31/functions/{}/recursion-config", ["RecursiveLoop"]],
  ["PUT", "/2026-07-09/resource-policy/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3A{}", ["Policy", "RevisionId"]],
  ["POST", `${f}/{}/invocations`, []],
  ["POST", "/_emulator/reset-instances", ["functions"]],
];
const others = [
  f,
  `${f}/{}`,
  `${f}/{}/versions`,
  `${f}/{}/aliases`,
  `${f}/{}/policy/x`,
  "/2016-08-19/account-settings",
  "/_emulator/state",
];
const paths = [...operations.map(([, path]) => path), ...others];

/** What is likely to be looked at: names, numbers at the edges, nested members that AWS has. */
const notable: unknown[] = [
  "",
  "victim",
  "live",
  "1",
  "$LATEST",
  "nodejs24.x",
  "index.handler",
  "arn:aws:iam::123456789012:role/r",
  "__proto__",
  "constructor",
  "\0",
  0,
  -1,
  1,
  128,
  1e308,
  2 ** 53,
  null,
  true,
  [],
  {},
  [null],
  ["x86_64"],
  { ZipFile: "UEsFBg==" },
  { Variables: { A1: "b" } },
  { Variables: [] },
  { Variables: { A1: 1 } },
  { Size: "x" },
  { AdditionalVersionWeights: { "1": "x" } },
  { AdditionalVersionWeights: [0.1] },
  { OnFailure: { Destination: 5 } },
  { OnFailure: "x" },
  { AllowOrigins: "*" },
  { AllowMethods: [1] },
  { LogFormat: "XML" },
  { LogGroup: 1 },
  { TargetArn: [] },
];

const value = (): fc.Arbitrary<unknown> => fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...notable));
const record = (members: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record(Object.fromEntries(members.map((member) => [member, value()])), { requiredKeys: [] })
    .map((body) => JSON.stringify(body));
const anyBody = fc.oneof(fc.json(), fc.string(), fc.constantFrom("", "{", "null", "[]", '"x"', "1", "[".repeat(10_000)));
const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "?MaxItems=x",
      "?MaxItems=-1",
      "?Marker=%00",
      "?Qualifier=%24LATEST",
      "?Qualifier=..%2f",
      "?tagKeys=__proto__",
      "?FunctionVersion=ALL&MaxItems=1",
    ),
  },
  { weight: 1, arbitrary: fc.webQueryParameters().map((text) => `?${text}`) },
);
const named = (path: string, name: string): string => path.replace("{}", name);
const name = fc.oneof(
  fc.constant("victim"),
  fc.constantFrom("victim%3Alive", "nobody", "..", "%00", "__proto__"),
  fc.webSegment(),
);

/** Requests to the Lambda API, the Logs API and the emulator's own pages. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc.oneof(
  fc.constantFrom(...operations).chain(([method, path, members]) =>
    fc.record({
      method: fc.constant(method),
      path: name.map((text) => named(path, text)),
      body: fc.oneof(record(members), anyBody),
    }),
  ),
  fc
    .tuple(fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH"), fc.constantFrom(...paths), name, query, anyBody)
    .map(([method, path, text, search, body]) => ({
      method,
      path: named(path.replace(/\?.*/, ""), text) + search,
      body: method === "GET" ? "" : body,
    })),
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom(...Object.keys(OPERATIONS)),
        fc.string({ maxLength: 20 }).filter((text) => /^[!-~]*$/.test(text)),
      ),
      logsBody(),
    )
    .map(([operation, body]) => ({ method: "POST", path: "/", target: `Logs_20140328.${operation}`, body })),
);

function logsBody(): fc.Arbitrary<string> {
  const members = {
    ...Object.fromEntries(
      ["limit", "startTime", "endTime", "nextToken", "retentionInDays", "maxItems", "startFromHead"].map((key) => [key, value()]),
    ),
    logGroupName: fc.oneof(fc.constant("/fuzz"), value()),
    logStreamName: fc.oneof(fc.constant("s"), value()),
    logGroupIdentifier: value(),
    logStreamNames: value(),
    filterPattern: fc.oneof(fc.string(), fc.stringMatching(/^[{[%?-][\w $.=&|*{}[\]()"'<>!%-]{0,30}$/), value()),
    logEventMessages: fc.oneof(fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }), value()),
    queryString: fc.oneof(
      fc.string(),
      fc.stringMatching(/^(fields|filter|stats|sort|parse|limit) [\w @,*/="'|()]{0,40}$/),
      value(),
    ),
    logEvents: fc.oneof(fc.array(fc.record({ timestamp: value(), message: value() }), { maxLength: 3 }), value()),
    resourceArn: value(),
    tags: value(),
    tagKeys: value(),
    queryId: value(),
    logRecordPointer: fc.oneof(
      fc.json().map((text) => Buffer.from(text).toString("base64")),
      value(),
    ),
  };
  return fc.oneof(
    fc.record(members, { requiredKeys: [] }).map((body) => JSON.stringify(body)),
    anyBody,
  );
}
