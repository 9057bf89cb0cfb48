import { arn, f, codeOf, creation, user, updating, stale } from "./rows.ts";
import type { Row } from "./rows.ts";

/** What exists, is under way, or has moved on. */
export const conflicts: Row[] = [
  [
    "create what exists",
    ["POST", f, creation({ FunctionName: "subject" })],
    409,
    "ResourceConflictException",
    user("Function already exist: subject"),
  ],
  ["update code during an update", ["PUT", `${f}/busy/code`, codeOf()], 409, "ResourceConflictException", updating],
  [
    "update configuration during an update",
    ["PUT", `${f}/busy/configuration`, { Timeout: 4 }],
    409,
    "ResourceConflictException",
    updating,
  ],
  ["publish during an update", ["POST", `${f}/busy/versions`, {}], 409, "ResourceConflictException", updating],
  [
    "tag during an update",
    ["POST", `/2017-03-31/tags/${encodeURIComponent(arn("busy"))}`, { Tags: { a: "b" } }],
    409,
    "ResourceConflictException",
    updating,
  ],
  [
    "an alias that exists",
    ["POST", `${f}/subject/aliases`, { Name: "live", FunctionVersion: "1" }],
    409,
    "ResourceConflictException",
    user(`Alias already exists: ${arn("subject")}:live`),
  ],
  [
    "a URL that exists",
    ["POST", "/2021-10-31/functions/subject/url", { AuthType: "NONE" }],
    409,
    "ResourceConflictException",
    user(
      `Failed to create function url config for [functionArn = ${arn("subject")}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    ),
  ],
  [
    "a statement that exists",
    ["POST", `${f}/subject/policy`, { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "*" }],
    409,
    "ResourceConflictException",
    user("The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement."),
  ],
  [
    "stale revision: code",
    ["PUT", `${f}/subject/code`, { ...codeOf(), RevisionId: "x" }],
    412,
    "PreconditionFailedException",
    stale,
  ],
  [
    "stale revision: configuration",
    ["PUT", `${f}/subject/configuration`, { RevisionId: "x" }],
    412,
    "PreconditionFailedException",
    stale,
  ],
  ["stale revision: publish", ["POST", `${f}/subject/versions`, { RevisionId: "x" }], 412, "PreconditionFailedException", stale],
  ["stale revision: alias", ["PUT", `${f}/subject/aliases/live`, { RevisionId: "x" }], 412, "PreconditionFailedException", stale],
  [
    "stale revision: permission",
    ["POST", `${f}/subject/policy`, { StatementId: "t", Action: "lambda:InvokeFunction", Principal: "*", RevisionId: "x" }],
    412,
    "PreconditionFailedException",
    stale,
  ],
  [
    "stale revision: permission removed",
    ["DELETE", `${f}/subject/policy/s3?RevisionId=x`],
    412,
    "PreconditionFailedException",
    stale,
  ],
];
