import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configSchema, parseConfig } from "../../../extension/core/config.ts";

const problems = (text: string) =>
  parseConfig(text, "app").diagnostics.map((d) => `${d.line}:${d.column}-${d.endLine}:${d.endColumn} ${d.code} ${d.message}`);

describe("parseConfig", () => {
  it("fills in defaults, the name of the folder among them", () => {
    const config = {
      app: "my-iot-app",
      tasks: ["src/**/*.ts"],
      runtime: "nodejs24.x",
      goal: "balanced",
      local: { services: [], environment: {} },
      environment: {},
      timeout: 30,
      constraints: {},
      functions: {},
    };
    expect(parseConfig(undefined, "/home/me/my iot app")).toEqual({ config, diagnostics: [] });
    expect(parseConfig("{}", "C:\\work\\my iot app\\")).toEqual({ config, diagnostics: [] });
    expect(parseConfig("{}", "/123").config!.app).toBe("app");
    expect(parseConfig('{"template": "template.yaml"}').config).toMatchObject({ tasks: [], template: "template.yaml" });
  });

  it("reads everything that the file may say, comments and trailing commas too", () => {
    const text = `\uFEFF{
      // the app
      "$schema": "./fusionize.schema.json", "version": 1,
      "app": "iot", "tasks": ["lib/*.ts"], "runtime": "nodejs22.x",
      "goal": { "minimize": "cost", "latency": { "p95": 200 } },
      "local": { "services": ["dynalite"], "environment": { "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000" } },
      "environment": { "TABLE": "t" }, "timeout": 60,
      "constraints": { "apart": [["a", "b"]], "memory": { "a": { "min": 256, "max": 512 } }, "exclusive": ["a"], "lossTolerated": ["b"] },
      "functions": { "a": { "memory": 512, "inline": ["b"], "inlineAsync": ["c"], }, },
    }`;
    const { config, diagnostics } = parseConfig(text);
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({
      app: "iot",
      goal: { minimize: "cost", latency: { p95: 200 } },
      functions: { a: { memory: 512, inline: ["b"], inlineAsync: ["c"] } },
      constraints: { apart: [["a", "b"]], memory: { a: { min: 256, max: 512 } }, exclusive: ["a"], lossTolerated: ["b"] },
      timeout: 60,
    });
  });

  it.each([
    ["", "1:1-1:1 setup-file-syntax fusionize.json is empty: write {} for all defaults, or delete the file."],
    ['{"app": }', "1:9-1:10 setup-file-syntax A value is missing here."],
    ['{\n  "app": "x"\n  "timeout": 3\n}', '3:3-3:12 setup-file-syntax A "," is missing here.'],
    ['{"timeout": 1, "timeout": 2}', '1:16-1:25 setup-file-syntax "timeout" stands here twice: remove one of the two.'],
    ['{"functoins": {}}', '1:2-1:13 setup-file-invalid "functoins" is not known here. Did you mean "functions"?'],
    ['{"functions": {"a": {"inlin": []}}}', '1:22-1:29 setup-file-invalid "inlin" is not known here. Did you mean "inline"?'],
    [
      '{"functions": {"a": {"zz": 1}}}',
      '1:22-1:26 setup-file-invalid "zz" is not known here. Known: memory, inline, inlineAsync.',
    ],
    ['{"functions": {"a": {"memory": 64}}}', "1:32-1:34 setup-file-invalid Lambda offers at least 128 MB."],
    ['{"functions": {"a": {"memory": 512.5}}}', "1:32-1:37 setup-file-invalid Memory is a whole number of MB."],
    ['{"functions": {"a": {"inline": "b"}}}', "1:32-1:35 setup-file-invalid Expected here: a list […]."],
    ['{"functions": []}', "1:2-1:13 setup-file-invalid Expected here: an object {…}."],
    [
      '{"functions": {"a b": {}}}',
      "1:16-1:21 setup-file-invalid A task's name has only letters, digits, - and _, starting with a letter, at most 64 characters.",
    ],
    ['{"functions": {"__proto__": {"memory": 512}}}', "1:16-1:27 setup-file-syntax Nothing may be named __proto__."],
    [
      '{"goal": "cheap"}',
      '1:10-1:17 setup-file-invalid The goal is "latency", "cost", "balanced", or { "minimize": "latency" or "cost", "latency": { "p95": ms } }.',
    ],
    [
      '{"goal": {"minimise": "cost", "minimize": "cost"}}',
      '1:11-1:21 setup-file-invalid "minimise" is not known here. Did you mean "minimize"?',
    ],
    [
      '{"runtime": "nodejs24"}',
      '1:13-1:23 setup-file-invalid Possible here: "nodejs20.x", "nodejs22.x", "nodejs24.x". Did you mean "nodejs24.x"?',
    ],
    [
      '{"environment": {"AWS_REGION": "x"}}',
      "1:18-1:30 setup-file-invalid This variable is set by Lambda or Fusionize: choose another name.",
    ],
    ['{"environment": {"PORT": 80}}', "1:26-1:28 setup-file-invalid The value of a variable is a string: put it in quotes."],
    ['{"constraints": {"memory": {"a": {"min": 512, "max": 256}}}}', "1:29-1:32 setup-file-invalid min is larger than max."],
    [
      '{"version": 2, "somethingNew": 1}',
      "1:13-1:14 setup-file-newer fusionize.json has format version 2, and this Fusionize reads version 1: update Fusionize.",
    ],
    [
      '{"$schema": "https://example.org/fusionize.v3.json"}',
      "1:13-1:52 setup-file-newer fusionize.json has format version 3, and this Fusionize reads version 1: update Fusionize.",
    ],
    ["[]", "1:1-1:3 setup-file-invalid Expected here: an object {…}."],
  ])("explains what is wrong with %s", (text, problem) => {
    expect(problems(text)).toEqual([problem]);
    expect(parseConfig(text).config).toBeUndefined();
  });

  it("names every fault, in order of places", () => {
    expect(problems('{\n"timeout": 0,\n"app": "",\n"x": 1}').map((p) => p.split(" ")[0])).toEqual([
      "2:12-2:13",
      "3:8-3:10",
      "4:1-4:4",
    ]);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.array(fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "//", "/*", "functions", "1")).map((t) => t.join("")),
        ),
        (text) => {
          const { config, diagnostics } = parseConfig(text);
          expect(config === undefined).toBe(diagnostics.length > 0);
        },
      ),
    );
    for (const open of ["[", '{"a":', "//", "/* ", '"\\"'])
      expect(parseConfig(open.repeat(100_000)).diagnostics.length).toBeGreaterThan(0);
  });
});

describe("the editor's schema", () => {
  it("is the validator's", () => {
    const committed = readFileSync(new URL("../../../extension/vscode/fusionize.schema.json", import.meta.url), "utf8");
    expect(JSON.parse(committed), "run: npx node extension/dev/schema.mjs").toEqual(configSchema());
  });

  it("says of every key what it is", () => {
    const bare: string[] = [];
    const visit = (node: Record<string, unknown>, path: string) => {
      for (const [key, part] of Object.entries((node.properties ?? {}) as Record<string, Record<string, unknown>>)) {
        if (typeof part.description !== "string") bare.push(`${path}/${key}`);
        visit(part, `${path}/${key}`);
      }
    };
    visit(configSchema(), "");
    expect(bare).toEqual([]);
  });
});
