import * as aws from "@aws-sdk/client-lambda";

export const arn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

export const updated = (client: aws.LambdaClient, FunctionName: string): Promise<unknown> =>
  aws.waitUntilFunctionUpdatedV2({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 }, { FunctionName });

/** Sends a command that must fail. */
export async function refused(sending: Promise<unknown>): Promise<{ status: number | undefined; name: string; message: string }> {
  try {
    await sending;
  } catch (error) {
    const { name, message, $metadata } = error as aws.LambdaServiceException;
    return { status: $metadata.httpStatusCode, name, message };
  }
  throw new Error("The service accepted what it must refuse");
}
