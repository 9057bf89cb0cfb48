/** The same questions by the second SDK, in all the ways it can be asked. */
const AWS = require("aws-sdk/global");
const Lambda = require("aws-sdk/clients/lambda");
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");

const lambda = (AWS.config.update({ maxRetries: 0 }), new Lambda());
const alone = new Lambda({ apiVersion: "2015-03-31", maxRetries: 0 });
const newer = new LambdaClient({});
const { VALUES, CALLBACK, FAILS, SLOW } = process.env;

const ask = (FunctionName, event, rest) => lambda.invoke({ FunctionName, Payload: JSON.stringify(event), ...rest }).promise();

const scenarios = {
  value: ({ event }) => ask(VALUES, event),
  callback: ({ event }) => ask(CALLBACK, event),
  fails: ({ event }) => ask(FAILS, event),
  slow: () => ask(SLOW, {}),
  async: () => ask(VALUES, {}, { InvocationType: "Event" }),
  dry: () => ask(VALUES, {}, { InvocationType: "DryRun" }),
  tail: () => ask(VALUES, {}, { LogType: "Tail" }),
  none: () => alone.invoke({ FunctionName: VALUES }).promise(),
  bytes: () => alone.invoke({ FunctionName: VALUES, Payload: Buffer.from('{"echo":"é"}') }).promise(),
  malformed: () => alone.invoke({ FunctionName: VALUES, Payload: "{not json" }).promise(),
  invalid: () => lambda.invoke({ FunctionName: VALUES, Payload: 7 }).promise(),
  "too large": () => ask(VALUES, { echo: "x".repeat(6 * 1024 * 1024) }),
  "too large, async": () => ask(VALUES, { echo: "x".repeat(1024 * 1024) }, { InvocationType: "Event" }),
  "by callback": () =>
    new Promise((resolve, reject) => {
      lambda.invoke({ FunctionName: VALUES, Payload: '{"echo":3}' }, (error, data) => (error ? reject(error) : resolve(data)));
    }),
  "by events": () =>
    new Promise((resolve, reject) => {
      const request = lambda.invoke({ FunctionName: VALUES, Payload: '{"echo":4}' });
      const seen = [];
      for (const event of ["validate", "build", "httpHeaders", "extractData"]) request.on(event, () => seen.push(event));
      request.on("success", ({ data, requestId }) => resolve({ ...data, seen, id: typeof requestId }));
      request.on("error", reject);
      request.send();
    }),
  outside: () => ask("no-function-of-this-app", {}),
  // Both SDKs in one function.
  newer: async () => {
    const { Payload } = await newer.send(new InvokeCommand({ FunctionName: VALUES, Payload: '{"echo":5}' }));
    return { Payload: Payload.transformToString() };
  },
};

exports.handler = async (request) => {
  try {
    const { LogResult, $response, ...data } = await scenarios[request.scenario](request);
    if (data.FunctionError) {
      const { trace, ...fault } = JSON.parse(data.Payload);
      data.Payload = { ...fault, trace: trace === undefined ? "none" : trace[0] };
    } else if (data.Payload?.length > 1000) data.Payload = data.Payload.length;
    return {
      ...data,
      type: typeof data.Payload,
      log: LogResult && /^REPORT/m.test(Buffer.from(LogResult, "base64").toString()),
      status: $response?.httpResponse.statusCode,
      retries: $response?.retryCount,
    };
  } catch (error) {
    const { name, code, message, statusCode, retryable, requestId, region } = error;
    return { name, code, message, statusCode, retryable, region, class: error.constructor.name, id: typeof requestId };
  }
};
