import { describe, expect, it } from "vitest";
import { chooseRelease } from "../../../extension/deployment/release/choose.ts";
import type { DesiredApp } from "../../../extension/deployment/release/desired.ts";
import { writeReleaseNote, parseReleaseNote } from "../../../extension/deployment/release/note.ts";
import { releasesOf } from "../../../extension/deployment/release/releases.ts";
import type { FunctionShape } from "../../../extension/deployment/release/shape.ts";
import type { DeployedFunction, DeployedState } from "../../../extension/deployment/release/state.ts";

const SHAPE: FunctionShape = {
  codeSha256: "x",
  memory: 128,
  timeout: 3,
  runtime: "nodejs24.x",
  handler: "index.handler",
  architecture: "x86_64",
  role: "role",
  environment: {},
};
const { role: _role, ...WITHOUT_ROLE } = SHAPE;

/** Helpers (no entries) of one release, which says that it has `size` functions. */
function stateOf(names: string[], size: number): DeployedState {
  const functions = names.map((functionName): [string, DeployedFunction] => {
    const note = parseReleaseNote(writeReleaseNote({ setup: "s", functions: size, at: "2026-11-24T00:00:00.000Z" }));
    const alias = { name: "r1", version: "1", revisionId: "r", note, routing: {} };
    const versions = new Map([["1", SHAPE]]);
    const rest = { arn: functionName, task: functionName, revisionId: "r", latest: SHAPE, configuration: {} };
    return [functionName, { functionName, ...rest, versions, aliases: new Map([["r1", alias]]) }];
  });
  return { functions: new Map(functions), foreign: new Set(), broken: new Map() };
}

function desiredOf(names: string[]): DesiredApp {
  const functions = names.map((functionName) => {
    const rest = { logGroup: "", zip: new Uint8Array(), entry: false, calls: [], takesEvents: false };
    return { root: functionName, functionName, shape: WITHOUT_ROLE, ...rest };
  });
  return { app: "a", stage: "s", setupId: "s", functions };
}

const choose = (wanted: string[], state: DeployedState) => {
  const { name, isNew } = chooseRelease(desiredOf(wanted), state, () => "role");
  return [name, isNew];
};

describe("the release of a deploy", () => {
  it("is the one that exists with just these functions", () => {
    expect(choose(["a", "b"], stateOf(["a", "b"], 2))).toEqual(["r1", false]);
  });

  it("is a new one where a function has been added or taken away, though the others are as they were", () => {
    expect(choose(["a", "b", "c"], stateOf(["a", "b"], 2))).toEqual(["r2", true]);
    expect(choose(["a"], stateOf(["a", "b"], 2))).toEqual(["r2", true]);
  });

  it("is the one that was cut off, where what it has is right", () => {
    expect(choose(["a", "b", "c"], stateOf(["a", "b"], 3))).toEqual(["r1", true]);
    // What is left of one with other functions is nothing to go on with.
    expect(choose(["a", "c"], stateOf(["a", "b"], 3))).toEqual(["r2", true]);
  });

  it("counts as complete only with as many functions as it says", () => {
    const complete = (names: string[], size: number) => releasesOf(stateOf(names, size)).map((one) => one.complete);
    expect([complete(["a", "b"], 2), complete(["a", "b"], 3), complete(["a", "b"], 1)]).toEqual([[true], [false], [false]]);
  });
});
