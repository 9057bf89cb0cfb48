import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

const TableName = process.env.STOCK_TABLE;
/** What is there of everything at first. */
const FIRST = 50;
const client = new DynamoDBClient({});

/** Pieces that are reserved, by order. */
async function reservations(id) {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
  return Object.values(Item?.orders?.M ?? {}).reduce((sum, { N }) => sum + Number(N), 0);
}

export async function available(id) {
  return FIRST - (await reservations(id));
}

/** The same order twice reserves once. */
export async function reserve(id, order, quantity) {
  const Key = { id: { S: id } };
  const start = { TableName, Key, UpdateExpression: "SET orders = if_not_exists(orders, :none)" };
  await client.send(new UpdateItemCommand({ ...start, ExpressionAttributeValues: { ":none": { M: {} } } }));
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: "SET orders.#order = :quantity",
      ExpressionAttributeNames: { "#order": order },
      ExpressionAttributeValues: { ":quantity": { N: String(quantity) } },
    }),
  );
}
