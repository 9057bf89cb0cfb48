import { InvokeCommand, LambdaClient, type InvocationType } from "@aws-sdk/client-lambda";

const client = new LambdaClient({});

/** A function of ours failed: by its own error, not by the service's. */
export class FunctionFailed extends Error {
  readonly type: string;
  constructor({ errorType, errorMessage }: { errorType?: string; errorMessage?: string }) {
    super(errorMessage ?? "");
    this.type = errorType ?? "Error";
  }
}

async function send(name: string | undefined, type: InvocationType, event: unknown) {
  if (!name) throw new Error("The function's name is not set.");
  return await client.send(new InvokeCommand({ FunctionName: name, InvocationType: type, Payload: JSON.stringify(event) }));
}

/** Invokes a function and waits for its result. */
export async function ask<Result>(name: string | undefined, event: unknown): Promise<Result> {
  const { Payload, FunctionError } = await send(name, "RequestResponse", event);
  const answer = JSON.parse(Payload?.transformToString() ?? "null");
  if (FunctionError) throw new FunctionFailed(answer);
  return answer as Result;
}

/** Invokes a function and does not wait. */
export async function tell(name: string | undefined, event: unknown): Promise<number | undefined> {
  return (await send(name, "Event", event)).StatusCode;
}
