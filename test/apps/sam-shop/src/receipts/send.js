import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const tables = new DynamoDBClient({});
const lambda = new LambdaClient({ maxAttempts: 2 });
const stack = process.env.AWS_LAMBDA_FUNCTION_NAME;

// Every request says who makes it.
lambda.middlewareStack.add(
  (next) => async (args) => {
    console.log(`${stack} invokes a function`);
    return next(args);
  },
  { step: "initialize", name: "announce" },
);

export const handler = async ({ order, customer, total }) => {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: process.env.RENDER_FUNCTION, Payload: JSON.stringify({ order, customer, total }) }),
  );
  const { text } = JSON.parse(Payload.transformToString());
  await tables.send(new PutItemCommand({ TableName: process.env.RECEIPTS_TABLE, Item: { id: { S: order }, text: { S: text } } }));
};
