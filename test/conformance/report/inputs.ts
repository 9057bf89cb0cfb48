/** Answers so far, by operation. */
export type Answers = ReadonlyMap<string, Record<string, unknown>>;

/** Inputs of the operations, in the order in which they are called, some made of earlier answers; what is not named is called with an empty input. */
export type Steps = Record<string, object | ((answers: Answers) => object)>;

const FunctionName = "subject";
const arn = `arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}`;

export function lambdaSteps(zip: Uint8Array, role: string): Steps {
  const Uuid = { UUID: "11111111-1111-1111-1111-111111111111" };
  const signing = { CodeSigningConfigArn: "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0" };
  const provider = { CapacityProviderName: "none" };
  const durable = { DurableExecutionArn: `${arn}:1/durable-execution/a/b` };
  const layer = { LayerName: "none", VersionNumber: 1 };
  return {
    CreateFunction: {
      FunctionName: "another",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: zip },
    },
    GetFunction: { FunctionName },
    GetFunctionConfiguration: { FunctionName },
    ListFunctions: {},
    GetAccountSettings: {},
    Invoke: { FunctionName, Payload: "{}" },
    InvokeAsync: { FunctionName, InvokeArgs: "{}" },
    InvokeWithResponseStream: { FunctionName },
    PublishVersion: { FunctionName },
    ListVersionsByFunction: { FunctionName },
    CreateAlias: { FunctionName, Name: "live", FunctionVersion: "1" },
    GetAlias: { FunctionName, Name: "live" },
    UpdateAlias: { FunctionName, Name: "live", Description: "d" },
    ListAliases: { FunctionName },
    PutProvisionedConcurrencyConfig: { FunctionName, Qualifier: "live", ProvisionedConcurrentExecutions: 1 },
    GetProvisionedConcurrencyConfig: { FunctionName, Qualifier: "live" },
    ListProvisionedConcurrencyConfigs: { FunctionName },
    DeleteProvisionedConcurrencyConfig: { FunctionName, Qualifier: "live" },
    CreateFunctionUrlConfig: { FunctionName, AuthType: "NONE" },
    GetFunctionUrlConfig: { FunctionName },
    UpdateFunctionUrlConfig: { FunctionName, AuthType: "AWS_IAM" },
    ListFunctionUrlConfigs: { FunctionName },
    DeleteFunctionUrlConfig: { FunctionName },
    AddPermission: { FunctionName, StatementId: "s", Action: "lambda:InvokeFunction", Principal: "*" },
    GetPolicy: { FunctionName },
    RemovePermission: { FunctionName, StatementId: "s" },
    PutResourcePolicy: {
      ResourceArn: arn,
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Sid: "a", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunction", Resource: arn }],
      }),
    },
    GetResourcePolicy: { ResourceArn: arn },
    DeleteResourcePolicy: { ResourceArn: arn },
    PutFunctionConcurrency: { FunctionName, ReservedConcurrentExecutions: 5 },
    GetFunctionConcurrency: { FunctionName },
    DeleteFunctionConcurrency: { FunctionName },
    PutFunctionEventInvokeConfig: { FunctionName, MaximumRetryAttempts: 1 },
    UpdateFunctionEventInvokeConfig: { FunctionName, MaximumEventAgeInSeconds: 60 },
    GetFunctionEventInvokeConfig: { FunctionName },
    ListFunctionEventInvokeConfigs: { FunctionName },
    DeleteFunctionEventInvokeConfig: { FunctionName },
    PutFunctionRecursionConfig: { FunctionName, RecursiveLoop: "Allow" },
    GetFunctionRecursionConfig: { FunctionName },
    TagResource: { Resource: arn, Tags: { a: "b" } },
    ListTags: { Resource: arn },
    UntagResource: { Resource: arn, TagKeys: ["a"] },
    GetRuntimeManagementConfig: { FunctionName },
    PutRuntimeManagementConfig: { FunctionName, UpdateRuntimeOn: "Auto" },
    GetFunctionCodeSigningConfig: { FunctionName },
    PutFunctionCodeSigningConfig: { FunctionName, ...signing },
    DeleteFunctionCodeSigningConfig: { FunctionName },
    GetFunctionScalingConfig: { FunctionName, Qualifier: "1" },
    PutFunctionScalingConfig: { FunctionName, Qualifier: "1" },
    ListDurableExecutionsByFunction: { FunctionName },
    UpdateFunctionConfiguration: { FunctionName: "doomed", Timeout: 5 },
    DeleteAlias: { FunctionName, Name: "live" },
    UpdateFunctionCode: { FunctionName, ZipFile: zip },
    DeleteFunction: { FunctionName: "doomed" },
    CreateEventSourceMapping: { FunctionName, EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:q" },
    GetEventSourceMapping: Uuid,
    UpdateEventSourceMapping: Uuid,
    DeleteEventSourceMapping: Uuid,
    CreateCodeSigningConfig: {
      AllowedPublishers: { SigningProfileVersionArns: ["arn:aws:signer:us-east-1:123456789012:/signing-profiles/a/b"] },
    },
    GetCodeSigningConfig: signing,
    UpdateCodeSigningConfig: signing,
    DeleteCodeSigningConfig: signing,
    ListFunctionsByCodeSigningConfig: signing,
    CreateCapacityProvider: { ...provider, VpcConfig: {}, PermissionsConfig: {} },
    GetCapacityProvider: provider,
    UpdateCapacityProvider: provider,
    DeleteCapacityProvider: provider,
    ListFunctionVersionsByCapacityProvider: provider,
    PublishLayerVersion: { LayerName: "none", Content: { ZipFile: zip } },
    GetLayerVersion: layer,
    GetLayerVersionByArn: { Arn: "arn:aws:lambda:us-east-1:123456789012:layer:none:1" },
    GetLayerVersionPolicy: layer,
    ListLayerVersions: { LayerName: "none" },
    DeleteLayerVersion: layer,
    AddLayerVersionPermission: { ...layer, StatementId: "s", Action: "lambda:GetLayerVersion", Principal: "*" },
    RemoveLayerVersionPermission: { ...layer, StatementId: "s" },
    GetDurableExecution: durable,
    GetDurableExecutionHistory: durable,
    GetDurableExecutionState: { ...durable, CheckpointToken: "t" },
    CheckpointDurableExecution: { ...durable, CheckpointToken: "t" },
    StopDurableExecution: durable,
    SendDurableExecutionCallbackSuccess: { CallbackId: "c" },
    SendDurableExecutionCallbackFailure: { CallbackId: "c" },
    SendDurableExecutionCallbackHeartbeat: { CallbackId: "c" },
  };
}

export function logsSteps(): Steps {
  const logGroupName = "/report";
  const stream = { logGroupName, logStreamName: "s" };
  const group = "arn:aws:logs:us-east-1:123456789012:log-group:/report";
  return {
    CreateLogGroup: { logGroupName },
    DescribeLogGroups: {},
    CreateLogStream: stream,
    DescribeLogStreams: { logGroupName },
    PutLogEvents: { ...stream, logEvents: [{ timestamp: Date.now(), message: "hello" }] },
    GetLogEvents: stream,
    FilterLogEvents: { logGroupName },
    PutRetentionPolicy: { logGroupName, retentionInDays: 7 },
    DeleteRetentionPolicy: { logGroupName },
    TagResource: { resourceArn: group, tags: { a: "b" } },
    ListTagsForResource: { resourceArn: group },
    UntagResource: { resourceArn: group, tagKeys: ["a"] },
    TestMetricFilter: { filterPattern: "hello", logEventMessages: ["hello"] },
    StartQuery: {
      logGroupName,
      startTime: Math.floor(Date.now() / 1000) - 60,
      endTime: Math.floor(Date.now() / 1000),
      queryString: "fields @message",
    },
    GetQueryResults: (answers) => ({ queryId: answers.get("StartQuery")?.["queryId"] }),
    GetLogRecord: (answers) => {
      const rows = answers.get("GetQueryResults")?.["results"] as { field?: string; value?: string }[][] | undefined;
      return { logRecordPointer: rows?.[0]?.find(({ field }) => field === "@ptr")?.value };
    },
    // Its success needs a query that is still running; the behaviours show one.
    StopQuery: (answers) => ({ queryId: answers.get("StartQuery")?.["queryId"] }),
    DescribeQueries: {},
    ListLogGroups: {},
    PutLogGroupDeletionProtection: { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false },
    TagLogGroup: { logGroupName, tags: { c: "d" } },
    ListTagsLogGroup: { logGroupName },
    UntagLogGroup: { logGroupName, tags: ["c"] },
    StartLiveTail: { logGroupIdentifiers: [group] },
    DeleteLogStream: stream,
    DeleteLogGroup: { logGroupName },
  };
}
