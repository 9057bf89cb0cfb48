import { parseLine, type Report } from "../../../../extension/monitoring/lines.ts";
import { buildTraces } from "../../../../extension/monitoring/traces.ts";
import { traceView } from "../../../../extension/vscode/model/traceView.ts";
import type { InvocationRecord } from "../../../../extension/core/record.ts";
import { assert, type FuzzTarget } from "../target.ts";

function numbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbers) : [];
}

const target: FuzzTarget = {
  tokens: [
    '"fusionize":1',
    '"spans":[',
    '"parent":"',
    "\tDuration: 1 ms",
    "REPORT RequestId: ",
    "1e309",
    "-1",
    '"__proto__"',
    "\n",
    '"type":"platform.report"',
    '"start":',
    "9".repeat(400),
  ],
  check(input) {
    const records: InvocationRecord[] = [];
    const reports: Report[] = [];
    for (const message of input.toString().split("\n")) {
      const line = parseLine(message, "/aws/lambda/x", 1);
      if (line?.kind === "record") records.push(line.record);
      if (line?.kind === "report") reports.push(line.report);
    }
    assert([...records, ...reports].flatMap(numbers).every(Number.isFinite), "a number that is none was let in");
    // Whoever can write into a log can write records: nothing that is made of them may break.
    for (const trace of buildTraces(records, reports)) {
      const shown = numbers(traceView(trace));
      assert(shown.every(Number.isFinite), "a trace is shown with a number that is none");
    }
  },
};
export default target;
