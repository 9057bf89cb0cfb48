import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export interface Item {
  id: string;
  quantity: number;
}

export async function save(id: string, customer: string, total: number): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: process.env.ORDERS_TABLE,
      Item: { id: { S: id }, customer: { S: customer }, total: { N: String(total) } },
    }),
  );
}
