import { flattenJson } from "../insights/flatten.ts";
import { invalidParameter } from "../refusal.ts";
import { type Operation, findGroup } from "../service.ts";
import { indexOfPlace } from "../storage/scan.ts";
import { boolean, parse, required, string } from "../validation.ts";

const badPointer = () => invalidParameter("The specified logRecordPointer is invalid.");

/** One event with its fields, by the `@ptr` of a query's row. */
export const getLogRecord: Operation = async (service, body) => {
  const input = parse({ logRecordPointer: required(string({ max: 10_000 })), unmask: boolean() }, body);
  const [name, timestamp, sequence] = readPointer(input.logRecordPointer);
  const group = findGroup(service, name);
  const row = group.order.rows[indexOfPlace(group, group.order, { timestamp, sequence })];
  if (row === undefined || group.table.base + row !== sequence) throw badPointer();
  const block = await group.read(Uint32Array.of(row));
  return {
    logRecord: {
      ...flattenJson(block.message(0)),
      "@timestamp": String(timestamp),
      "@message": block.message(0),
      "@logStream": group.streamById[block.streams[0] as number]?.name ?? "",
      "@log": `${service.accountId}:${name}`,
      "@ingestionTime": String(block.ingested[0]),
      "@ptr": input.logRecordPointer,
    },
  };
};

function readPointer(text: string): [string, number, number] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64").toString());
    if (Array.isArray(value)) {
      const [name, timestamp, sequence] = value as unknown[];
      if (typeof name === "string" && typeof timestamp === "number" && typeof sequence === "number")
        return [name, timestamp, sequence];
    }
  } catch {
    // not one of ours: refused below
  }
  throw badPointer();
}
