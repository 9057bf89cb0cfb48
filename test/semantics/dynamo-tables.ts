/** What the IoT app has written: the contents of its tables. */
import { setTimeout as delay } from "node:timers/promises";
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";

export class DynamoTables {
  readonly #client: DynamoDBClient;

  constructor(endpoint: string) {
    this.#client = new DynamoDBClient({
      endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  }

  /** All items by table, sorted. */
  async contents(): Promise<Record<string, unknown[]>> {
    const found: Record<string, unknown[]> = {};
    for (const TableName of await this.#names()) {
      const { Items = [] } = await this.#client.send(new ScanCommand({ TableName }));
      found[TableName] = Items.map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
    }
    return found;
  }

  /** Removes all tables, and waits until they have gone. The app makes those that it needs. */
  async clear(): Promise<void> {
    for (const TableName of await this.#names()) await this.#client.send(new DeleteTableCommand({ TableName }));
    const deadline = Date.now() + 10_000;
    while ((await this.#names()).length > 0) {
      if (Date.now() > deadline) throw new Error("The tables were not deleted within 10 s.");
      await delay(10);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #names(): Promise<string[]> {
    const { TableNames = [] } = await this.#client.send(new ListTablesCommand({}));
    return TableNames.sort();
  }
}
