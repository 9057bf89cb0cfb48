import { InvokeCommand, Lambda, LambdaClient, LambdaServiceException } from "@aws-sdk/client-lambda";

const client = new LambdaClient({ maxAttempts: 1 });
const aggregated = new Lambda({ maxAttempts: 1 });
const seen = [];
client.middlewareStack.add(
  (next, { commandName }) =>
    async (args) => (seen.push(commandName), await next(args)),
  {
    step: "initialize",
  },
);
const { VALUES, CALLBACK, FAILS, SLOW, RELAY, CONTEXT } = process.env;

const ask = (FunctionName, event, rest) =>
  client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...rest }));

const scenarios = {
  value: ({ event }) => ask(VALUES, event),
  callback: ({ event }) => ask(CALLBACK, event),
  fails: ({ event }) => ask(FAILS, event),
  slow: () => ask(SLOW, {}),
  relay: ({ event }) => ask(RELAY, event),
  context: () => ask(CONTEXT, {}),
  async: () => ask(VALUES, { echo: "later" }, { InvocationType: "Event" }),
  dry: () => ask(VALUES, {}, { InvocationType: "DryRun" }),
  tail: () => ask(VALUES, {}, { LogType: "Tail" }),
  none: () => client.send(new InvokeCommand({ FunctionName: VALUES })),
  bytes: () => client.send(new InvokeCommand({ FunctionName: VALUES, Payload: new TextEncoder().encode('{"echo":"é"}') })),
  malformed: () => client.send(new InvokeCommand({ FunctionName: VALUES, Payload: "{not json" })),
  "too large": () => ask(VALUES, { echo: "x".repeat(6 * 1024 * 1024) }),
  "too large, async": () => ask(VALUES, { echo: "x".repeat(1024 * 1024) }, { InvocationType: "Event" }),
  aggregated: () => aggregated.invoke({ FunctionName: VALUES, Payload: '{"echo":2}' }),
  "by callback": () =>
    new Promise((resolve, reject) => {
      aggregated.invoke({ FunctionName: VALUES, Payload: '{"echo":3}' }, (error, data) =>
        error ? reject(error) : resolve(data),
      );
    }),
  outside: () => ask("no-function-of-this-app", {}),
};

/** All that can be seen of one invocation. */
export const handler = async (request) => {
  seen.length = 0;
  try {
    const output = await scenarios[request.scenario](request);
    const { Payload, LogResult, $metadata, ...rest } = output;
    const text = Payload?.transformToString();
    let payload = text;
    if (rest.FunctionError) {
      const { trace, ...fault } = JSON.parse(text);
      payload = { ...fault, trace: trace === undefined ? "none" : trace[0] };
    } else if (text?.length > 1000) payload = text.length;
    return {
      ...rest,
      keys: Object.keys(output).sort(),
      payload,
      type: [Payload instanceof Uint8Array, Payload?.constructor?.name],
      log: LogResult && /^REPORT/m.test(Buffer.from(LogResult, "base64").toString()),
      status: $metadata.httpStatusCode,
      metadata: Object.keys($metadata)
        .filter((key) => $metadata[key] !== undefined)
        .sort(),
      seen: [...seen],
    };
  } catch (error) {
    const { name, message, $fault, $metadata, Type } = error;
    const known = error instanceof LambdaServiceException;
    return {
      name,
      message,
      fault: $fault,
      type: Type,
      class: error.constructor.name,
      status: $metadata?.httpStatusCode,
      known,
      seen: [...seen],
    };
  }
};
