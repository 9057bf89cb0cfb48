import { expect, test } from "vitest";
import { usage } from "../../../emulator/options.ts";
import { EMULATOR_KNOBS, help, parse } from "../../../extension/cli/usage.ts";

test("`fusionize emulator` has every option of the emulator, but those between it and the process it starts", () => {
  const own = [...usage.matchAll(/^ {2}--([a-z-]+)/gm)].map((match) => match[1] as string);
  expect(["port", "data", "fidelity", ...EMULATOR_KNOBS].toSorted()).toEqual(
    own.filter((name) => name !== "stdin" && name !== "node").toSorted(),
  );
  for (const name of EMULATOR_KNOBS) expect(help("emulator")).toContain(`--${name} `);
});

test("a wrong value is wrong usage, before anything is started", () => {
  expect(parse(["emulator", "--hop-ms", "5", "--freeze", "off", "--inspect"]).options).toMatchObject({
    "hop-ms": 5,
    freeze: "off",
    inspect: true,
  });
  for (const args of [["--hop-ms", "-1"], ["--cpu", "half"], ["--account", "1"], ["--nope"]])
    expect(() => parse(["emulator", ...args])).toThrow(expect.objectContaining({ name: "UsageError" }) as Error);
});
