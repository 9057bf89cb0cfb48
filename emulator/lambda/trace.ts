import { createHash, randomBytes } from "node:crypto";
import { ServiceError } from "./errors.ts";
import type { FunctionRecord } from "./model.ts";

/** Passes of one chain of invocations through one function before AWS calls it a loop ("approximately 16", Lambda developer guide). */
const loopLimit = 16;

/**
 * The X-Ray header for an invocation: the caller's root and lineage, or new ones. The lineage counts how often the chain has passed each function; the AWS
 * clients hand it on. Throws RecursiveInvocationException when the chain is a loop and the function wants loops ended.
 */
export function traceHeader(record: FunctionRecord, incoming: string | undefined): string {
  if (incoming === undefined) return `Root=${newRoot()};Parent=${hex(16)};Sampled=0;Lineage=${hashOf(record.name)}:1`;
  const fields = new Map(
    (incoming ?? "").split(";").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)] as const),
  );
  const root = fields.get("Root") ?? newRoot();
  const own = hashOf(record.name);
  const lineage = new Map(
    (fields.get("Lineage") ?? "")
      .split("|")
      .filter(Boolean)
      .map((entry) => [entry.split(":")[0] ?? "", Number(entry.split(":")[1])] as const),
  );
  const passes = (lineage.get(own) ?? 0) + 1;
  if (passes > loopLimit && record.recursiveLoop === "Terminate") {
    throw new ServiceError(400, "RecursiveInvocationException", {
      Type: "User",
      Message:
        "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
    });
  }
  lineage.set(own, Math.min(passes, 32_767));
  const text = [...lineage].map(([hash, count]) => `${hash}:${count}`).join("|");
  return `Root=${root};Parent=${hex(16)};Sampled=0;Lineage=${text}`;
}

const newRoot = (): string => `1-${Math.floor(Date.now() / 1000).toString(16)}-${hex(24)}`;

let stock = "";

/** Random hex digits, from a stock that is renewed at times: the ids of one request else cost as much as its routing. */
function hex(digits: number): string {
  if (stock.length < digits) stock = randomBytes(4_096).toString("hex");
  const cut = stock.length - digits;
  const taken = stock.slice(cut);
  stock = stock.slice(0, cut);
  return taken;
}

const hashes = new Map<string, string>();

function hashOf(name: string): string {
  let hash = hashes.get(name);
  if (hash === undefined) hashes.set(name, (hash = createHash("sha256").update(name).digest("hex").slice(0, 8)));
  return hash;
}
