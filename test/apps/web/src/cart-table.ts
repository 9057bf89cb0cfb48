/** Carts in DynamoDB, one item a line. The table is made when it is first needed, on AWS as well as locally. */
import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import type { CartItem } from "./cart.ts";

const TableName = `${process.env["WEB_TABLES"] ?? "web"}-cart`;
/** ms. A table of DynamoDB takes some seconds. */
const CREATION_LIMIT = 30_000;
const CREATION_POLL = 50;

const client = new DynamoDBClient({});

export async function putItem(userId: string, { productId, quantity }: CartItem): Promise<void> {
  const Item = { userId: { S: userId }, productId: { S: productId }, quantity: { N: String(quantity) } };
  await withTable(async () => await client.send(new PutItemCommand({ TableName, Item })));
}

/** A user's lines, by product. */
export async function queryItems(userId: string): Promise<CartItem[]> {
  const { Items = [] } = await withTable(
    async () =>
      await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "userId = :user",
          ExpressionAttributeValues: { ":user": { S: userId } },
          // What a request has stored, the next one is to see.
          ConsistentRead: true,
        }),
      ),
  );
  return Items.map((item) => ({ productId: item["productId"]?.S ?? "", quantity: Number(item["quantity"]?.N) }));
}

export async function deleteItem(userId: string, productId: string): Promise<void> {
  const Key = { userId: { S: userId }, productId: { S: productId } };
  await withTable(async () => await client.send(new DeleteItemCommand({ TableName, Key })));
}

async function withTable<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await create();
    return await request();
  }
}

async function create(): Promise<void> {
  const deadline = Date.now() + CREATION_LIMIT;
  while (Date.now() < deadline) {
    await requestCreation();
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, CREATION_POLL));
  }
  throw new Error(`Table ${TableName} was not ready after ${CREATION_LIMIT / 1000} s.`);
}

async function requestCreation(): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "userId", KeyType: "HASH" },
          { AttributeName: "productId", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "userId", AttributeType: "S" },
          { AttributeName: "productId", AttributeType: "S" },
        ],
      }),
    );
  } catch (error) {
    // Another function was quicker, or it is on its way already.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** A table that was only just asked for may not be known yet, and one that is being deleted goes first. */
async function isReady(): Promise<boolean> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName }));
    return found?.TableStatus === "ACTIVE";
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
