import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateFromWebview, validateToWebview } from "../../../webview/validate.ts";
import { iot, iotTrace } from "../fixtures.ts";
import { generated, web } from "../fixtures-large.ts";

describe("messages to the page", () => {
  it("lets real states through unchanged", () => {
    for (const state of [iot(), web(), generated(300), { ...iot(), trace: iotTrace() }]) {
      const checked = validateToWebview({ type: "state", state });
      expect(checked).toEqual({ ok: true, value: { type: "state", state } });
    }
  });

  it("drops fields that it does not know", () => {
    const checked = validateToWebview({ type: "reveal", task: "a", extra: 1, __proto__: { polluted: true } });
    expect(checked).toEqual({ ok: true, value: { type: "reveal", task: "a" } });
  });

  it.each([
    ["a negative cost", { ...iot(), setup: { ...iot().setup, costPerMillion: -1 } }, /setup\.costPerMillion/],
    [
      "a share above one",
      { ...iot(), setup: { ...iot().setup, functions: [{ ...iot().setup.functions[0], costShare: 2 }] } },
      /costShare/,
    ],
    ["NaN", { ...iot(), revision: Number.NaN }, /revision/],
    ["a missing list", { ...iot(), tasks: undefined }, /tasks/],
    ["a name of a megabyte", { ...iot(), app: "x".repeat(1e6) }, /app/],
    ["too many tasks", { ...iot(), tasks: Array.from({ length: 5_001 }, () => iot().tasks[0]) }, /tasks/],
  ])("refuses %s and says where", (_what, state, where) => {
    const checked = validateToWebview({ type: "state", state });
    expect(checked.ok).toBe(false);
    expect(checked).toMatchObject({ reason: expect.stringMatching(where) as string });
  });
});

describe("messages from the page", () => {
  it.each([
    { type: "ready" },
    { type: "drawn" },
    { type: "openSource", file: "src/a.ts", line: 3 },
    { type: "acceptSuggestion" },
    { type: "acceptSetup", setupId: "s-1" },
    { type: "command", command: "runLocally" },
    { type: "command", command: "invokeTask", task: "a" },
    { type: "showTrace", trace: "t" },
    { type: "viewState", state: { tab: "graph", toggled: ["a"] } },
    { type: "export", format: "svg", content: "<svg/>", to: "file" },
  ])("accepts %j", (message) => {
    expect(validateFromWebview(message)).toEqual({ ok: true, value: message });
  });

  it.each([
    "../../etc/passwd",
    "src/../../secret",
    "/etc/passwd",
    "C:\\Windows\\system.ini",
    "c:/windows/system.ini",
    "file:///etc/passwd",
    "vscode-remote://host/x",
    "\\\\server\\share",
    "src/a\u0000.ts",
    "src/a\n.ts",
    "",
  ])("refuses the path %j", (file) => {
    expect(validateFromWebview({ type: "openSource", file, line: 1 }).ok).toBe(false);
  });

  it("accepts dots that are part of a name", () => {
    expect(validateFromWebview({ type: "openSource", file: "src/..a/b..c.ts", line: 1 }).ok).toBe(true);
  });

  it.each([
    { type: "command", command: "workbench.action.terminal.new" },
    { type: "command", command: "constructor" },
    { type: "toString" },
    { type: "__proto__" },
    { type: ["ready"] },
    { type: "openSource", file: "a.ts", line: 0 },
    { type: "openSource", file: "a.ts", line: 1.5 },
    { type: "export", format: "html", content: "" },
    { type: "export", format: "svg", content: "x".repeat(25_000_000) },
    { type: "viewState", state: "x".repeat(300_000) },
    { type: "viewState", state: undefined },
    null,
    [],
    "ready",
    42,
  ])("refuses hostile message %#", (message) => {
    expect(validateFromWebview(message).ok).toBe(false);
  });

  it("refuses a cyclic view state instead of throwing", () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    expect(validateFromWebview({ type: "viewState", state: cyclic }).ok).toBe(false);
  });

  it("never throws and never lets an unknown type through, whatever comes", () => {
    const types = [
      "ready",
      "drawn",
      "openSource",
      "acceptSuggestion",
      "acceptSetup",
      "command",
      "showTrace",
      "viewState",
      "export",
    ];
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 3 }), fc.option(fc.constantFrom(...types)), (value, type) => {
        const message = typeof value === "object" && value !== null && type !== null ? { ...value, type } : value;
        for (const validate of [validateFromWebview, validateToWebview]) {
          const checked = validate(message);
          if (checked.ok) expect([...types, "state", "live", "reveal"]).toContain(checked.value.type);
          else expect(checked.reason).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });
});
