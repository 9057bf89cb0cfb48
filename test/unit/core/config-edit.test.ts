import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/core/config.ts";
import { applyEdits, editSetup, newConfigText } from "../../../extension/core/config-edit.ts";
import { EditedText } from "../../../extension/core/text-edits.ts";
import type { FusionSetup } from "../../../extension/core/setup.ts";

const setupOf = (text: string): FusionSetup => {
  const { config, diagnostics } = parseConfig(text);
  expect(diagnostics).toEqual([]);
  return config!.functions;
};
const edited = (text: string, to: FusionSetup) => applyEdits(text, editSetup(text, setupOf(text), to));

const FILE = `{
  // the app
  "app": "iot", // its name
  "functions": {
    // hot path
    "analyzeSensor": { "memory": 512, "inline": ["checkSensor", "storeEvent"] }, // measured
    "checkAir": {
      "inline": [
        "detectJam", // slow
        "storeEvent" /* cheap */
      ]
    }
  },
  "timeout": 60
}
`;

describe("editSetup", () => {
  it("changes only what differs", () => {
    const to = {
      analyzeSensor: { memory: 1024, inline: ["checkSensor"] },
      checkAir: { memory: 256, inline: ["detectJam", "actionSignage", "storeEvent"] },
    };
    expect(edited(FILE, to)).toBe(
      FILE.replace("512", "1024")
        .replace(', "storeEvent"]', "]")
        .replace('"inline": [\n', '"memory": 256,\n      "inline": [\n')
        .replace('        "storeEvent" /*', '        "actionSignage",\n        "storeEvent" /*'),
    );
  });

  it("adds functions that look like their neighbours", () => {
    const from = setupOf(FILE);
    expect(edited(FILE, { ...from, checkSound: { memory: 256, inline: ["soundTooLoud"] } })).toBe(
      FILE.replace(
        "    }\n  },",
        '    },\n    "checkSound": {\n      "memory": 256,\n      "inline": ["soundTooLoud"]\n    }\n  },',
      ),
    );
    const flat = '{\n\t"functions": {\n\t\t"a": { "memory": 256 }\n\t}\n}';
    expect(edited(flat, { a: { memory: 256 }, b: { inline: ["c"] } })).toBe(
      '{\n\t"functions": {\n\t\t"a": { "memory": 256 },\n\t\t"b": { "inline": ["c"] }\n\t}\n}',
    );
  });

  it("takes functions away and keeps the comments around them", () => {
    expect(edited(FILE, { checkAir: setupOf(FILE).checkAir! })).toBe(
      FILE.replace(/ {4}"analyzeSensor".*\}, \/\/ measured\n/, "    // measured\n"),
    );
    expect(edited('{"functions": {"a": {"memory": 512}}}', {})).toBe('{"functions": {}}');
  });

  it("makes the key and the file where they are missing", () => {
    expect(edited('{\n  "app": "iot" // name\n}\n', { a: { memory: 512 } })).toBe(
      '{\n  "app": "iot", // name\n  "functions": {\n    "a": { "memory": 512 }\n  }\n}\n',
    );
    expect(edited("{}", { a: { memory: 512 } })).toBe('{ "functions": { "a": { "memory": 512 } } }');
    expect(applyEdits("", editSetup("", {}, { a: { inline: ["b"] } }))).toBe(
      '{\n  "functions": {\n    "a": { "inline": ["b"] }\n  }\n}\n',
    );
    expect(newConfigText("iot", { a: { memory: 512, inline: ["b"] } })).toBe(
      '{\n  "app": "iot",\n  "functions": {\n    "a": { "memory": 512, "inline": ["b"] }\n  }\n}\n',
    );
    expect(setupOf(newConfigText("iot", {}))).toEqual({});
  });

  it("keeps line ends, byte order mark and a missing last line end", () => {
    const text = '\uFEFF{\r\n  "functions": {\r\n    "a": { "memory": 256 }\r\n  }\r\n}';
    expect(edited(text, { a: { memory: 256 }, b: {} })).toBe(
      '\uFEFF{\r\n  "functions": {\r\n    "a": { "memory": 256 },\r\n    "b": {}\r\n  }\r\n}',
    );
  });

  it("leaves alone what the file says beyond the setup that was read", () => {
    const text = '{ "functions": { "a": { "memory": 256 }, "mine": { "memory": 1024 } } }';
    expect(setupOf(applyEdits(text, editSetup(text, { a: { memory: 256 } }, { a: { memory: 512 } })))).toEqual({
      a: { memory: 512 },
      mine: { memory: 1024 },
    });
  });

  it("refuses a file that does not parse", () => {
    expect(() => editSetup('{"functions": {', {}, { a: { memory: 512 } })).toThrow(
      expect.objectContaining({ code: "setup-file-broken" }) as Error,
    );
  });
});

const name = fc.constantFrom("alpha", "beta", "gamma", "delta", "epsilon", "constructor");
const list = fc.uniqueArray(name, { maxLength: 5 });
const functionSetup = fc.record(
  { memory: fc.constantFrom(128, 256, 512, 1769), inline: list, inlineAsync: list },
  { requiredKeys: [] },
);
const setup: fc.Arbitrary<FusionSetup> = fc.dictionary(name, functionSetup, { noNullPrototype: true });

/** Writes a setup as a person might: comments, blanks, line ends and trailing commas anywhere, from a list of choices. */
function handwritten(value: FusionSetup, choices: number[]): { text: string; comments: { comment: string; owner: string[] }[] } {
  const comments: { comment: string; owner: string[] }[] = [];
  let at = 0;
  const pick = (n: number) => choices[at++ % choices.length]! % n;
  const gap = (owner: string[]): string => {
    const kind = pick(7);
    if (kind < 3) return ["", " ", "\n    "][kind]!;
    const comment = kind < 5 ? `/* comment ${comments.length} */` : `// comment ${comments.length}: {"[,`;
    comments.push({ comment, owner });
    return kind < 5 ? ` ${comment} ` : `  ${comment}\n  `;
  };
  const json = (v: unknown, path: string[]): string => {
    if (typeof v !== "object" || v === null) return JSON.stringify(v);
    const parts = Array.isArray(v)
      ? v.map((x) => JSON.stringify(x))
      : Object.entries(v).map(
          ([k, x]) => `${JSON.stringify(k)}${gap([...path, k])}:${gap([...path, k])}${json(x, [...path, k])}`,
        );
    const [open, close] = Array.isArray(v) ? "[]" : "{}";
    const trailing = parts.length > 0 && pick(4) === 0 ? "," : "";
    return `${open}${parts.map((p) => gap(path) + p + gap(path)).join(",")}${trailing}${gap(path)}${close}`;
  };
  const text = `${gap([])}{ "app": "x",${gap([])}"functions":${gap([])}${json(value, [])},${gap([])}"timeout": 60${gap([])}}${gap([])}`;
  return { text, comments };
}

describe("any edit of any file", () => {
  const cases = fc.tuple(setup, setup, fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }));

  it("makes the file say exactly the new setup", () => {
    fc.assert(
      fc.property(cases, ([from, to, choices]) => {
        const { text } = handwritten(from, choices);
        expect(setupOf(text)).toEqual(from);
        expect(setupOf(applyEdits(text, editSetup(text, from, to)))).toEqual(to);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves everything outside of what changed as it is, comments outside of removed values included", () => {
    fc.assert(
      fc.property(cases, ([from, to, choices]) => {
        const { text, comments } = handwritten(from, choices);
        const edits = editSetup(text, from, to);
        const result = applyEdits(text, edits);
        for (const { comment, owner } of comments) {
          // A comment goes only with the function or the member that it stands inside of.
          const [root, key] = owner as [string?, (keyof FusionSetup[string])?];
          const gone = root !== undefined && (!Object.hasOwn(to, root) || (key !== undefined && to[root]![key] === undefined));
          if (!gone) expect(result).toContain(comment);
        }
        const head = text.slice(0, text.indexOf('"functions"'));
        const tail = text.slice(text.lastIndexOf('"timeout"'));
        expect(result.startsWith(head)).toBe(true);
        expect(result.endsWith(tail)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("changes nothing when nothing changes", () => {
    fc.assert(
      fc.property(cases, ([from, , choices]) => {
        expect(editSetup(handwritten(from, choices).text, from, structuredClone(from))).toEqual([]);
      }),
    );
  });
});

describe("EditedText", () => {
  it("tells a sequence of edits as edits of the original", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(30), fc.nat(6), fc.string({ maxLength: 4 })), { maxLength: 8 }),
        (original, steps) => {
          const text = new EditedText(original);
          let plain = original;
          for (const [at, size, inserted] of steps) {
            const offset = Math.min(at, plain.length);
            const length = Math.min(size, plain.length - offset);
            text.edit({ offset, length, text: inserted });
            plain = plain.slice(0, offset) + inserted + plain.slice(offset + length);
            expect(text.text).toBe(plain);
          }
          expect(applyEdits(original, text.edits())).toBe(plain);
        },
      ),
    );
  });
});
