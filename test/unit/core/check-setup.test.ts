import { describe, expect, it } from "vitest";
import { locateFindings } from "../../../extension/core/config.ts";
import { checkSetup } from "../../../extension/core/resolve.ts";
import type { Constraints, FusionSetup } from "../../../extension/core/setup.ts";
import { graphOf, IOT } from "./graphs.ts";

const found = (setup: FusionSetup, constraints: Constraints = {}, graph = IOT) =>
  checkSetup(graph, setup, constraints).map(({ severity, code, path }) => `${severity} ${code} ${path.join("/")}`);

describe("checkSetup", () => {
  it("finds nothing wrong with setups that work", () => {
    expect(found({})).toEqual([]);
    expect(
      found({
        analyzeSensor: { memory: 512, inline: ["checkSensor", "storeEvent"] },
        checkAir: { inline: ["detectJam"], inlineAsync: ["actionSignage"] },
      }),
    ).toEqual([]);
  });

  it("names tasks that do not exist, and what was probably meant", () => {
    const setup = { analyzeSensor: { inline: ["chekSensor"] }, nothing: {} };
    expect(
      found(setup, { exclusive: ["nobody"], apart: [["checkAir", "x"]], memory: { y: { min: 256 } }, lossTolerated: ["z"] }),
    ).toEqual([
      "error setup-unknown-task functions/analyzeSensor/inline/0",
      "error setup-unknown-task functions/nothing",
      "warning setup-unknown-task constraints/apart/0/1",
      "warning setup-unknown-task constraints/memory/y",
      "warning setup-unknown-task constraints/exclusive/0",
      "warning setup-unknown-task constraints/lossTolerated/0",
    ]);
    expect(checkSetup(IOT, setup)[0]!.message).toContain('Did you mean "checkSensor"?');
  });

  it("says nothing of unknown tasks while a source does not parse", () => {
    const broken = {
      ...IOT,
      diagnostics: [{ ...IOT.tasks[0]!, severity: "error" as const, code: "source-syntax", message: "" }],
    };
    expect(found({ nothing: {} }, {}, broken)).toEqual([]);
  });

  it("keeps apart what the constraints keep apart, also where it got together over others", () => {
    const graph = graphOf("A -> B, B -> C");
    expect(found({ A: { inline: ["B", "C"] } }, { apart: [["A", "C"]] }, graph)).toEqual([
      "error setup-apart functions/A/inline/1",
    ]);
    expect(found({ A: { inline: ["B"] } }, { apart: [["A", "C"]] }, graph)).toEqual([]);
  });

  it("checks memory against Lambda and the constraints, of tasks inlined too", () => {
    for (const memory of [127, 10_241, 512.5])
      expect(found({ checkAir: { memory } })).toEqual(["error setup-memory functions/checkAir/memory"]);
    for (const memory of [128, 10_240]) expect(found({ checkAir: { memory } })).toEqual([]);
    expect(found({ checkAir: { memory: 512, inline: ["detectJam"] } }, { memory: { detectJam: { min: 1024 } } })).toEqual([
      "error setup-memory functions/checkAir/memory",
    ]);
    expect(found({ checkAir: { memory: 2048 } }, { memory: { checkAir: { max: 1024 } } })).toEqual([
      "error setup-memory functions/checkAir/memory",
    ]);
    expect(found({}, { memory: { detectJam: { min: 1024 } } })).toEqual(["error setup-memory functions"]);
  });

  it("warns of inlining that changes nothing, and says which list is meant", () => {
    const setup = { analyzeSensor: { inline: ["detectJam", "checkAir", "checkSensor", "checkSensor"] } };
    expect(found(setup)).toEqual([
      "warning setup-inline-unused functions/analyzeSensor/inline/0",
      "warning setup-inline-unused functions/analyzeSensor/inline/1",
      "warning setup-inline-repeated functions/analyzeSensor/inline/3",
    ]);
    expect(checkSetup(IOT, setup)[1]!.message).toContain("use inlineAsync");
  });

  it("warns where calls of an exclusive task may overlap in one process", () => {
    expect(found({ checkAir: { inlineAsync: ["actionSignage"] } }, { exclusive: ["actionSignage"] })).toEqual([
      "warning setup-exclusive functions/checkAir/inlineAsync/0",
    ]);
    expect(found({ checkAir: { inline: ["detectJam"] } }, { exclusive: ["detectJam"] })).toEqual([]);
  });

  it("mentions functions that nothing invokes", () => {
    expect(found({ checkAir: { inline: ["detectJam"] }, detectJam: { memory: 512 } })).toEqual([
      "information setup-function-unreached functions/detectJam",
    ]);
  });

  it("is put where it stands in the file", () => {
    const text =
      '{\n  "functions": {\n    "checkAir": { "inline": ["detectJam",\n      "nobody"] },\n    "detectJam": { "memory": 64 }\n  }\n}\n';
    const setup = { checkAir: { inline: ["detectJam", "nobody"] }, detectJam: { memory: 64 } };
    const places = locateFindings(text, checkSetup(IOT, setup)).map(
      (d) => `${d.code} ${d.line}:${d.column}-${d.endLine}:${d.endColumn}`,
    );
    expect(places).toEqual(["setup-unknown-task 4:7-4:15", "setup-memory 5:30-5:32", "setup-function-unreached 5:5-5:16"]);
    expect(locateFindings(undefined, checkSetup(IOT, { x: {} }))[0]).toMatchObject({
      file: "fusionize.json",
      line: 1,
      column: 1,
    });
  });
});
