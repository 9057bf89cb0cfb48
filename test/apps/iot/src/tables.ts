/** The app's tables in DynamoDB. They are made when they are first needed, on AWS as well as locally. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";

/** All have the sensor's number as their key; signage also the reason, because two checks may set the same sign. */
export type Table = "sensor" | "soundLevel" | "soundAccident" | "jam" | "signage";

export type Item = Record<string, number | string | boolean>;

const prefix = process.env["IOT_TABLES"] ?? "iot";
/** ms. A table of DynamoDB takes some seconds. */
const CREATION_LIMIT = 30_000;
const CREATION_POLL = 50;

const client = new DynamoDBClient({});

export async function put(table: Table, sensorID: number, item: Item): Promise<void> {
  const Item = Object.fromEntries(
    Object.entries({ SensorID: sensorID, ...item }).map(([name, value]) => [name, attribute(value)]),
  );
  await withTable(table, async () => await client.send(new PutItemCommand({ TableName: nameOf(table), Item })));
}

/** Items of a sensor: at most one in every table but `signage`. */
export async function query(table: Table, sensorID: number): Promise<Item[]> {
  const found = await withTable(
    table,
    async () =>
      await client.send(
        new QueryCommand({
          TableName: nameOf(table),
          KeyConditionExpression: "SensorID = :id",
          ExpressionAttributeValues: { ":id": { N: String(sensorID) } },
        }),
      ),
  );
  return (found.Items ?? []).map((item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)])));
}

const nameOf = (table: Table): string => `${prefix}-${table}`;

async function withTable<T>(table: Table, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await create(table);
    return await request();
  }
}

async function create(table: Table): Promise<void> {
  const deadline = Date.now() + CREATION_LIMIT;
  while (Date.now() < deadline) {
    await requestCreation(table);
    if (await isReady(table)) return;
    await new Promise((resolve) => setTimeout(resolve, CREATION_POLL));
  }
  throw new Error(`Table ${nameOf(table)} was not ready after ${CREATION_LIMIT / 1000} s.`);
}

async function requestCreation(table: Table): Promise<void> {
  const sorted = table === "signage";
  try {
    await client.send(
      new CreateTableCommand({
        TableName: nameOf(table),
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "SensorID", KeyType: "HASH" },
          ...(sorted ? [{ AttributeName: "reason", KeyType: "RANGE" as const }] : []),
        ],
        AttributeDefinitions: [
          { AttributeName: "SensorID", AttributeType: "N" },
          ...(sorted ? [{ AttributeName: "reason", AttributeType: "S" as const }] : []),
        ],
      }),
    );
  } catch (error) {
    // Another function was quicker, or it is on its way already.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** A table that was only just asked for may not be known yet, and one that is being deleted goes first. */
async function isReady(table: Table): Promise<boolean> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: nameOf(table) }));
    return found?.TableStatus === "ACTIVE";
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

function attribute(value: number | string | boolean): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  return typeof value === "string" ? { S: value } : { BOOL: value };
}

function plain(value: AttributeValue): number | string | boolean {
  if (value.N !== undefined) return Number(value.N);
  return value.S ?? value.BOOL ?? "";
}
