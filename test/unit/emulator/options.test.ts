import { expect, test } from "vitest";
import { calibration } from "../../../emulator/calibration.ts";
import { quotaOf } from "../../../emulator/execution/cpu/quota.ts";
import { nodeFlags } from "../../../emulator/execution/environment.ts";
import { parseCommandLine, usage, UsageError } from "../../../emulator/options.ts";

test("aws fidelity takes the calibrated times, fast none; each can be set alone", () => {
  const aws = parseCommandLine([]).options;
  expect(aws).toMatchObject({
    fidelity: "aws",
    hopMs: calibration.syncHopMs,
    coldStartMs: calibration.coldStartMs,
    initMs: calibration.initMs,
    freeze: true,
    cpu: "auto",
  });
  const fast = parseCommandLine(["--fidelity", "fast"]).options;
  expect(fast).toMatchObject({
    hopMs: 0,
    asyncHopMs: 0,
    coldStartMs: 0,
    initMs: 0,
    createMs: 0,
    updateMs: 0,
    freeze: false,
    cpu: "off",
  });
  expect(parseCommandLine(["--fidelity", "fast", "--hop-ms", "5", "--freeze", "on"]).options).toMatchObject({
    hopMs: 5,
    freeze: true,
    initMs: 0,
  });
});

test("every option of the usage text is read", () => {
  for (const [, name, value] of usage.matchAll(/^ {2}--([a-z-]+) (\S+)?/gm)) {
    if (name === "stdin" || name === "inspect") continue;
    const given =
      value === "N" || value === "F"
        ? "7"
        : value === "R"
          ? "eu-west-1"
          : value === "ID"
            ? "123456789012"
            : value === "PATH" || value === "DIR"
              ? "/x"
              : (value ?? "").split("|").at(-1);
    const before = JSON.stringify(parseCommandLine([]));
    expect(
      JSON.stringify(parseCommandLine([`--${name}`, given ?? ""])) !== before || given === "123456789012",
      `--${name} ${given} changes nothing`,
    ).toBe(true);
  }
});

test("a debugger can hold an instance: nothing is frozen or throttled", () => {
  expect(parseCommandLine(["--inspect"]).options).toMatchObject({ inspect: true, freeze: false, cpu: "off", fidelity: "aws" });
  expect(parseCommandLine([]).options.inspect).toBe(false);
});

test.each([
  ["--nope"],
  ["--port", "70000"],
  ["--port", "1.5"],
  ["--hop-ms", ""],
  ["--region", "Mars"],
  ["--cpu", "half"],
  ["stray"],
])("%s %s is wrong usage", (...args) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
});

test.each([
  [128, 1_447],
  [512, 5_789],
  [1_769, 20_000],
  [3_538, 40_000],
])("%i MB buy %i µs of CPU in each 20 ms", (memory, quota) => {
  expect(quotaOf(memory)).toBe(quota);
});

test("the heap follows the memory size unless NODE_OPTIONS says otherwise", () => {
  const settings = { memorySize: 512 } as Parameters<typeof nodeFlags>[0];
  expect(nodeFlags(settings)).toContain("--max-old-space-size=460");
  expect(nodeFlags({ ...settings, environment: { NODE_OPTIONS: "--max-old-space-size=100" } }).join(" ")).not.toContain(
    "old-space",
  );
});
