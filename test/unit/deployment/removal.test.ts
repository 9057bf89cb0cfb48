import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReleaseNote, writeReleaseNote } from "../../../extension/deployment/release/note.ts";
import { releasesOf } from "../../../extension/deployment/release/releases.ts";
import { removalFrom } from "../../../extension/deployment/release/removal.ts";
import type { FunctionShape } from "../../../extension/deployment/release/shape.ts";
import type { DeployedAlias, DeployedState } from "../../../extension/deployment/release/state.ts";

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
const HOUR = 3_600_000;
const T = Date.parse("2026-11-24T00:00:00Z");
const iso = (ms: number) => new Date(ms).toISOString();

/** `{ front: { r1: "1", live: "1" } }`, and what the release aliases' notes say. */
function stateOf(
  functions: Record<string, Record<string, string>>,
  notes: Record<string, { functions: number; at: number; until?: number }>,
  live: { release: string; at: number },
): DeployedState {
  const state: DeployedState = { functions: new Map(), foreign: new Set(), broken: new Map() };
  for (const [functionName, aliases] of Object.entries(functions)) {
    const versions = new Map<string, FunctionShape>();
    for (let version = 1; version <= Math.max(...Object.values(aliases).map(Number)); version++)
      versions.set(String(version), SHAPE);
    const read = Object.entries(aliases).map(([name, version]): [string, DeployedAlias] => {
      const known = notes[name];
      const description =
        name === "live"
          ? writeReleaseNote({ release: live.release, at: iso(live.at) })
          : writeReleaseNote({
              functions: known!.functions,
              at: iso(known!.at),
              ...(known!.until !== undefined && { until: iso(known!.until) }),
            });
      return [name, { name, version, revisionId: "r", note: parseReleaseNote(description), routing: {} }];
    });
    state.functions.set(functionName, {
      functionName,
      arn: functionName,
      task: functionName,
      revisionId: "r",
      latest: SHAPE,
      configuration: {},
      versions,
      aliases: new Map(read),
    });
  }
  return state;
}

const rule = { keepReleases: 1, drain: 6 * HOUR };

describe("removal", () => {
  const three = () =>
    stateOf(
      { front: { r1: "1", r2: "2", r3: "3", live: "3" }, old: { r1: "1", r2: "1" }, helper: { r1: "1", r2: "1", r3: "1" } },
      {
        r1: { functions: 3, at: T, until: T + HOUR },
        r2: { functions: 3, at: T + HOUR, until: T + 2 * HOUR },
        r3: { functions: 2, at: T + 2 * HOUR },
      },
      { release: "r3", at: T + 2 * HOUR },
    );
  const wanted = { release: "r3", functions: new Set(["front", "helper"]) };

  it("waits until no event of a release can be queued any more", () => {
    const early = removalFrom(three(), { ...rule, ...wanted, now: T + 6 * HOUR });
    expect(early.releases).toEqual([]);
    expect(early.functions).toEqual([]);
    const late = removalFrom(three(), { ...rule, ...wanted, now: T + 7 * HOUR });
    expect(late.releases.map(({ name }) => name)).toEqual(["r1"]);
    expect(late.aliases).toEqual(["front", "old", "helper"].map((functionName) => ({ functionName, alias: "r1" })));
    expect(late.versions).toEqual([{ functionName: "front", version: "1" }]);
    // Rolling back to r2 needs it.
    expect(late.functions).toEqual([]);
  });

  it("removes a function once no kept release has it", () => {
    const none = removalFrom(three(), { ...rule, ...wanted, keepReleases: 0, now: T + 9 * HOUR });
    expect(none.functions).toEqual(["old"]);
    expect(none.aliases.every(({ functionName }) => functionName !== "old")).toBe(true);
  });

  it("takes a release without a note of its end for used until clients were last moved", () => {
    const state = three();
    for (const { aliases } of state.functions.values()) for (const { note } of aliases.values()) delete note.until;
    expect(removalFrom(state, { ...rule, ...wanted, now: T + 7 * HOUR }).releases).toEqual([]);
    expect(removalFrom(state, { ...rule, ...wanted, now: T + 8 * HOUR }).releases.map(({ name }) => name)).toEqual(["r1"]);
  });

  it("does not count what was cut off among the releases to keep, and removes it at once", () => {
    const state = stateOf(
      { front: { r1: "1", r3: "3", live: "3" }, helper: { r1: "1", r2: "2", r3: "3" } },
      {
        r1: { functions: 2, at: T, until: T + 3 * HOUR },
        r2: { functions: 2, at: T + HOUR },
        r3: { functions: 2, at: T + 3 * HOUR },
      },
      { release: "r3", at: T + 3 * HOUR },
    );
    const removal = removalFrom(state, { ...rule, ...wanted, now: T + 4 * HOUR });
    expect(removal.releases.map(({ name, complete }) => [name, complete])).toEqual([["r2", false]]);
    expect(removal.versions).toEqual([
      { functionName: "front", version: "2" },
      { functionName: "helper", version: "2" },
    ]);
  });

  it("never takes what an alias that stays points at, whatever the history", () => {
    const history = fc.array(fc.record({ helper: fc.boolean(), complete: fc.boolean() }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(history, fc.nat(3), fc.nat(40), fc.nat(100), (releases, keepReleases, hours, pick) => {
        const functions: Record<string, Record<string, string>> = { front: {}, helper: {} };
        const notes: Record<string, { functions: number; at: number }> = {};
        releases.forEach(({ helper, complete }, index) => {
          const name = `r${index + 1}`;
          functions["front"]![name] = String(index + 1);
          if (helper) functions["helper"]![name] = String(index + 1);
          notes[name] = { functions: (helper ? 2 : 1) + (complete ? 0 : 1), at: T + index * HOUR };
        });
        if (Object.keys(functions["helper"]!).length === 0) delete functions["helper"];
        const live = `r${(pick % releases.length) + 1}`;
        functions["front"]!["live"] = functions["front"]![live]!;
        const state = stateOf(functions, notes, { release: live, at: T });
        const wantedNow = new Set(["front", ...(functions["helper"]?.[live] ? ["helper"] : [])]);
        const removal = removalFrom(state, {
          release: live,
          functions: wantedNow,
          keepReleases,
          drain: 6 * HOUR,
          now: T + hours * HOUR,
        });
        const goneAliases = new Set(removal.aliases.map(({ functionName, alias }) => `${functionName}:${alias}`));
        const goneVersions = new Set(removal.versions.map(({ functionName, version }) => `${functionName}:${version}`));
        expect(removal.functions).not.toContain("front");
        for (const name of wantedNow) expect(goneAliases.has(`${name}:${live}`)).toBe(false);
        for (const { functionName, aliases } of state.functions.values()) {
          for (const { name, version } of aliases.values()) {
            if (!goneAliases.has(`${functionName}:${name}`)) expect(goneVersions.has(`${functionName}:${version}`)).toBe(false);
          }
        }
        const keptComplete = releasesOf(state)
          .filter(({ name, complete }) => complete && name !== live)
          .slice(-keepReleases || Infinity);
        for (const { name } of keepReleases > 0 ? keptComplete : [])
          expect(removal.releases.map((one) => one.name)).not.toContain(name);
      }),
    );
  });
});

describe("release notes", () => {
  it("come back as they were written", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,20}$/);
    const note = fc.record(
      {
        release: fc.nat().map((n) => `r${n}`),
        setup: word,
        functions: fc.nat(),
        at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((d) => d.toISOString()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(note, (written) => {
        expect(parseReleaseNote(writeReleaseNote(written))).toEqual(written);
      }),
    );
  });

  it("are not believed when somebody else has written them", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { functions = 0, at = iso(0), release = "r1" } = parseReleaseNote(text);
        expect([Number.isInteger(functions), Number.isNaN(Date.parse(at)), /^r\d+$/.test(release)]).toEqual([true, false, true]);
      }),
    );
    expect(parseReleaseNote("release=prod functions=many at=yesterday")).toEqual({});
  });
});
