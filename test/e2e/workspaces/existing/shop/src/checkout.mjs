import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
const client = new LambdaClient({});
export const handler = async (event) => {
  const { Payload, StatusCode } = await client.send(
    new InvokeCommand({ FunctionName: process.env.PRICE, Payload: JSON.stringify(event) }),
  );
  return { status: StatusCode, total: JSON.parse(Payload.transformToString()).price * 2 };
};
