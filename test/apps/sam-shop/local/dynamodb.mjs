/** A DynamoDB-compatible server with the template's tables: what CloudFormation makes on AWS. */
import { readFile } from "node:fs/promises";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";

const template = await readFile(new URL("../template.yaml", import.meta.url), "utf8");
const tables = [...template.matchAll(/^ {2}(\w+Table):/gm)].map((match) => match[1]);

const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
const port = Number(process.argv[2]);
const client = new DynamoDBClient({
  endpoint: `http://127.0.0.1:${port}`,
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
server.listen(port, "127.0.0.1", async () => {
  for (const TableName of tables) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
  }
});
