import { describe, expect, test } from "vitest";
import { optimize, parseProfile } from "../../../extension/optimizer/index.ts";
import { iot } from "./profiles/papers.ts";

type Loose = Record<string, never>;
/** The profile with the value at a path replaced. */
function changed(path: (string | number)[], value: unknown): unknown {
  const copy = structuredClone(iot()) as unknown as Loose;
  let at: Loose = copy;
  for (const key of path.slice(0, -1)) at = at[key] ??= {} as never;
  (at as Record<string, unknown>)[path.at(-1)!] = value;
  return copy;
}

test("a good profile comes back as it is, from text and from a value", () => {
  expect(parseProfile(JSON.stringify(iot()))).toEqual(iot());
  expect(parseProfile(iot())).toEqual(iot());
});

describe("a bad profile gets one message naming the place", () => {
  const cases: [string, unknown, RegExp][] = [
    ["not JSON", "{", /is not JSON/],
    ["unknown key", changed(["speed"], 1), /“speed” is not a known key/],
    ["unknown key deep inside", changed(["platform", "sync", "cpu"], 1), /“platform\.sync\.cpu” is not a known key/],
    [
      "unknown key of a step",
      changed(["tasks", "SE", "program", 0], { cpu: 1, thread: 2 }),
      /“tasks\.SE\.program\.0\.thread” is not a known key/,
    ],
    ["negative time", changed(["tasks", "SE", "program", 1], { wait: -1 }), /“tasks\.SE\.program\.1\.wait”/],
    ["no step", changed(["tasks", "SE", "program", 0], { sleep: 1 }), /“tasks\.SE\.program\.0” a step is/],
    ["unknown task in a call", changed(["tasks", "SE", "program", 0], { call: "X" }), /“tasks\.SE\.program” names the task “X”/],
    ["unknown task in an entry", changed(["entries", 0, "task"], "X"), /“entries\.0\.task” names the task “X”/],
    ["no weight", changed(["entries", 0, "weight"], 0), /“entries” give no task a weight/],
    [
      "unknown task in a constraint",
      changed(["constraints"], { apart: [["I", "X"]] }),
      /“constraints\.apart\.0” names the task “X”/,
    ],
    [
      "crossed bounds",
      changed(["constraints"], { memory: { I: { min: 512, max: 256 } } }),
      /“constraints\.memory\.I” has a minimum of 512 MB above/,
    ],
    ["other version", changed(["version"], 2), /“version”/],
  ];
  test.for(cases)("%s", ([, input, message]) => expect(() => parseProfile(input)).toThrow(message));
});

describe("constraints that contradict each other", () => {
  test("a floor above the maximum", () => {
    const profile = iot();
    profile.tasks.CT!.memoryFloor = 1024;
    profile.constraints = { memory: { CT: { max: 512 } } };
    expect(() => optimize(profile, { goal: "cost" })).toThrow(
      /task “CT” needs 1024 MB but may have at most 512 MB \(constraints\.memory\.CT\)/,
    );
  });

  test("a payload too large for a remote call between tasks kept apart", () => {
    const profile = iot();
    profile.tasks.CA!.program = [{ call: "DJ", bytes: 7e6 }];
    profile.constraints = { apart: [["CA", "DJ"]] };
    expect(() => optimize(profile, { goal: "cost" })).toThrow(/payload of CA → DJ is too large.*constraints\.apart/);
  });

  test("a large payload alone forces the call inline, kept apart alone forces it remote", () => {
    const large = iot();
    large.tasks.CA!.program = [
      { call: "DJ", bytes: 7e6 },
      { call: "AS", async: true },
    ];
    expect(optimize(large, { goal: "latency" }).front.every(({ setup }) => setup.CA!.inline?.includes("DJ"))).toBe(true);
    const apart = { ...iot(), constraints: { apart: [["CA", "DJ"]] } };
    expect(optimize(apart, { goal: "cost" }).front.every(({ setup }) => !setup.CA!.inline && setup.DJ)).toBe(true);
  });
});
