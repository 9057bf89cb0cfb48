import { createHash } from "node:crypto";
import { LOG_RETENTION_DAYS } from "../endpoint/log-groups.ts";
import { LIVE, TAGS } from "../names.ts";
import type { DesiredApp, DesiredFunction } from "../release/desired.ts";
import type { UrlAccess } from "../endpoint/urls.ts";

/** `sam`: for `sam deploy`. `cloudformation`: for a pipeline that uploads the zips to a bucket itself. */
export type TemplateFormat = "sam" | "cloudformation";

export interface TemplateOptions {
  format: TemplateFormat;
  /** Execution role of all functions; absent = one for each. */
  role: string | undefined;
  urls: UrlAccess;
  /** Seconds. */
  eventAge: number;
}

export type Template = Record<string, unknown>;

/** Where a function's zip lies beside the template; the name changes with the code, so that a stack sees the change. */
export function zipName({ root, shape }: DesiredFunction): string {
  return `code/${root}-${Buffer.from(shape.codeSha256, "base64").toString("hex").slice(0, 12)}.zip`;
}

/**
 * The app as one stack. There are no releases in it: functions call each other by the alias `live`, which the stack moves
 * one function after another.
 */
export function templateOf(desired: DesiredApp, options: TemplateOptions): Template {
  const isSam = options.format === "sam";
  const resources: Record<string, unknown> = {};
  for (const one of desired.functions)
    Object.assign(resources, isSam ? samFunction(desired, one, options) : plainFunction(desired, one, options));
  const entries = desired.functions.filter(({ entry }) => entry && options.urls !== "none");
  const outputs = entries.map(({ root }): [string, unknown] => {
    const url = isSam ? `${logicalId(root)}FunctionUrl` : `${logicalId(root)}Url`;
    return [`${logicalId(root)}Url`, { Description: `Address of ${root}`, Value: { "Fn::GetAtt": [url, "FunctionUrl"] } }];
  });
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    ...(isSam && { Transform: "AWS::Serverless-2016-10-31" }),
    Description: `${desired.app}, stage ${desired.stage}, fusion setup ${desired.setupId}`,
    ...(!isSam && {
      Parameters: {
        CodeBucket: { Type: "String", Description: "Bucket that the zips of code/ were uploaded to" },
        CodePrefix: {
          Type: "String",
          Default: "",
          Description: "What stands before code/ in their keys, with a slash at its end",
        },
      },
    }),
    Resources: resources,
    ...(outputs.length > 0 && { Outputs: Object.fromEntries(outputs) }),
  };
}

function samFunction(desired: DesiredApp, one: DesiredFunction, options: TemplateOptions): Record<string, unknown> {
  const id = logicalId(one.root);
  return {
    [`${id}Log`]: logGroup(one),
    [id]: {
      Type: "AWS::Serverless::Function",
      DependsOn: `${id}Log`,
      Properties: {
        ...common(desired, one),
        CodeUri: `./${zipName(one)}`,
        AutoPublishAlias: LIVE,
        AutoPublishAliasAllProperties: true,
        Tags: Object.fromEntries(tags(desired, one)),
        ...(options.role === undefined ? { Policies: [policy(desired, one)] } : { Role: options.role }),
        ...(one.takesEvents && { EventInvokeConfig: { MaximumEventAgeInSeconds: options.eventAge, MaximumRetryAttempts: 2 } }),
        ...(one.entry && options.urls !== "none" && { FunctionUrlConfig: { AuthType: authType(options.urls) } }),
      },
    },
  };
}

function plainFunction(desired: DesiredApp, one: DesiredFunction, options: TemplateOptions): Record<string, unknown> {
  const id = logicalId(one.root);
  const version = `${id}Version${contentHash(one)}`;
  const alias = { FunctionName: { Ref: id }, Qualifier: LIVE };
  const resources: Record<string, unknown> = {
    [`${id}Log`]: logGroup(one),
    [id]: {
      Type: "AWS::Lambda::Function",
      DependsOn: `${id}Log`,
      Properties: {
        ...common(desired, one),
        Code: { S3Bucket: { Ref: "CodeBucket" }, S3Key: { "Fn::Sub": `\${CodePrefix}${zipName(one)}` } },
        Tags: tags(desired, one).map(([Key, Value]) => ({ Key, Value })),
        Role: options.role ?? { "Fn::GetAtt": [`${id}Role`, "Arn"] },
      },
    },
    // A version never changes: what changes is which one there is.
    [version]: {
      Type: "AWS::Lambda::Version",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: { FunctionName: { Ref: id } },
    },
    [`${id}Live`]: {
      Type: "AWS::Lambda::Alias",
      Properties: { FunctionName: { Ref: id }, Name: LIVE, FunctionVersion: { "Fn::GetAtt": [version, "Version"] } },
    },
  };
  if (options.role === undefined) resources[`${id}Role`] = role(desired, one);
  if (one.takesEvents) {
    resources[`${id}Events`] = {
      Type: "AWS::Lambda::EventInvokeConfig",
      DependsOn: `${id}Live`,
      Properties: { ...alias, MaximumEventAgeInSeconds: options.eventAge, MaximumRetryAttempts: 2 },
    };
  }
  if (one.entry && options.urls !== "none") {
    const target = { TargetFunctionArn: { Ref: id }, Qualifier: LIVE, AuthType: authType(options.urls) };
    resources[`${id}Url`] = { Type: "AWS::Lambda::Url", DependsOn: `${id}Live`, Properties: target };
    if (options.urls === "public") Object.assign(resources, publicPermissions(id));
  }
  return resources;
}

function publicPermissions(id: string): Record<string, unknown> {
  const anybody = { FunctionName: { Ref: `${id}Live` }, Principal: "*" };
  return {
    [`${id}UrlPermission`]: {
      Type: "AWS::Lambda::Permission",
      Properties: { ...anybody, Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
    },
    [`${id}UrlInvokePermission`]: {
      Type: "AWS::Lambda::Permission",
      Properties: { ...anybody, Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true },
    },
  };
}

function common({ setupId }: DesiredApp, { functionName, shape, logGroup: LogGroup, entry }: DesiredFunction) {
  const variables = { ...shape.environment, ...(entry && { FUSIONIZE_SETUP: setupId }) };
  return {
    FunctionName: functionName,
    Runtime: shape.runtime,
    Handler: shape.handler,
    Architectures: [shape.architecture],
    MemorySize: shape.memory,
    Timeout: shape.timeout,
    LoggingConfig: { LogGroup },
    ...(Object.keys(variables).length > 0 && { Environment: { Variables: variables } }),
  };
}

function logGroup({ logGroup: LogGroupName }: DesiredFunction) {
  return {
    Type: "AWS::Logs::LogGroup",
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { LogGroupName, RetentionInDays: LOG_RETENTION_DAYS },
  };
}

function role(desired: DesiredApp, one: DesiredFunction) {
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
      Policies: [{ PolicyName: "fusionize", PolicyDocument: policy(desired, one) }],
    },
  };
}

/** The same rights as the deployer gives, with account and region filled in by the stack. */
function policy({ functions }: DesiredApp, { logGroup: group, calls }: DesiredFunction) {
  const names = new Map(functions.map(({ root, functionName }) => [root, functionName]));
  const callees = calls.flatMap((task) => names.get(task) ?? []);
  const arn = (text: string) => ({ "Fn::Sub": `arn:\${AWS::Partition}:${text}` });
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: arn(`logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${group}:*`),
      },
      ...(callees.length === 0
        ? []
        : [
            {
              Effect: "Allow",
              Action: "lambda:InvokeFunction",
              Resource: callees.map((name) => arn(`lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}:${LIVE}`)),
            },
          ]),
    ],
  };
}

function tags({ app, stage }: DesiredApp, { root }: DesiredFunction): [string, string][] {
  // Not the deployer's own tags: what a stack owns, a deploy must not touch.
  return [
    [`${TAGS.app}:stack`, app],
    [`${TAGS.stage}:stack`, stage],
    [`${TAGS.task}:stack`, root],
  ];
}

const authType = (urls: UrlAccess): string => (urls === "public" ? "NONE" : "AWS_IAM");

/** Logical ids are letters and digits only; names that fall together get a hash. */
function logicalId(task: string): string {
  const plain = task.replace(/[^A-Za-z0-9]/g, "");
  const id = plain.charAt(0).toUpperCase() + plain.slice(1);
  return plain === task ? id : `${id}${createHash("sha256").update(task).digest("hex").slice(0, 6)}`;
}

function contentHash({ shape }: DesiredFunction): string {
  return createHash("sha256").update(JSON.stringify(shape)).digest("hex").slice(0, 10);
}
