/** `fusionize emulator`: the emulator alone, for any client of the Lambda and CloudWatch Logs APIs. */
import { UserError } from "../../core/errors.ts";
import { startEmulator } from "../../local/emulator.ts";
import { chooseNode } from "../../local/node.ts";
import { EMULATOR_KNOBS } from "../usage.ts";
import type { Run } from "../main.ts";

export const run: Run = async ({ options }, { signal }) => {
  const node = await chooseNode({ runtime: "nodejs24.x" });
  if (node.difference) process.stderr.write(`Note: ${node.difference}.\n`);
  const given = options as Partial<Record<string, string | number | true>>;
  const args = EMULATOR_KNOBS.flatMap((knob) => {
    const value = given[knob];
    return value === undefined ? [] : value === true ? [`--${knob}`] : [`--${knob}`, String(value)];
  });
  const emulator = await startEmulator({
    node,
    fidelity: options.fidelity ?? "aws",
    port: options.port ?? 0,
    ...(options.data && { dataDir: options.data }),
    signal,
    args,
    // Its ready line follows below.
    log: (line) => void (line.startsWith('{"endpoint"') || process.stderr.write(`${line}\n`)),
  });
  process.stdout.write(`${JSON.stringify({ endpoint: emulator.endpoint, pid: emulator.pid })}\n`);
  signal.addEventListener("abort", () => void emulator.stop(), { once: true });
  const { expected, message } = await emulator.exited;
  if (!expected) throw new UserError("emulator-ended", message);
};
