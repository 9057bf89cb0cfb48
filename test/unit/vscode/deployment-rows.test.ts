import { describe, expect, it } from "vitest";
import { planRows, stateRows, summary, type Row } from "../../../extension/vscode/features/deploy/rows.ts";
import type { Action } from "../../../extension/deployment/index.ts";

const actions: Action[] = [
  { kind: "create", resource: "log group /aws/lambda/shop-dev-price", reason: "new, keeps logs for 14 days" },
  { kind: "create", resource: "function shop-dev-price", reason: "task price, 128 MB" },
  { kind: "update", resource: "alias shop-dev-checkout:live", reason: "from r1 to r2" },
  { kind: "keep", resource: "function shop-dev-payment", reason: "unchanged, version 1" },
];

function drawn(rows: readonly Row[], indent = ""): string[] {
  return rows.flatMap((row) => [
    `${indent}${row.icon} ${row.label}${row.description === undefined ? "" : ` · ${row.description}`}`,
    ...drawn(row.children ?? [], `${indent}  `),
  ]);
}

describe("rows of the Deployment view", () => {
  it("show a plan by what happens, with drift and the month", () => {
    const drift = [{ resource: "alias shop-dev-checkout:live", message: "It was moved from r1 to version 3." }];
    expect(drawn(planRows({ actions, drift }, "Without requests it costs $0.00."))).toMatchInlineSnapshot(`
      [
        "checklist Plan · 3 changes",
        "  diff-added Create · 2",
        "    output shop-dev-price · log group: new, keeps logs for 14 days",
        "    symbol-function shop-dev-price · function: task price, 128 MB",
        "  diff-modified Update · 1",
        "    symbol-reference shop-dev-checkout:live · alias: from r1 to r2",
        "  pass Keep · 1",
        "    symbol-function shop-dev-payment · function: unchanged, version 1",
        "  warning alias shop-dev-checkout:live · It was moved from r1 to version 3.",
        "  graph Without requests it costs $0.00.",
      ]
    `);
  });

  it("mark only a plan that waits, so that only it can be agreed to", () => {
    expect(planRows({ actions, drift: [] }, "", true)[0]!.context).toBe("plan");
    expect(planRows({ actions, drift: [] }, "", false)[0]!.context).toBeUndefined();
    expect(planRows({ actions: [actions[3]!], drift: [] }, "")[0]!.description).toBe("nothing to change");
  });

  it("show releases newest first, and addresses that can be copied", () => {
    const release = (name: string, live: boolean, complete = true) => ({
      name,
      live,
      complete,
      functions: 2,
      setupId: "abc",
      at: "2026-11-24T10:00:00.000Z",
    });
    const rows = stateRows({
      stage: "dev",
      place: "eu-central-1",
      releases: [release("r1", false), release("r2", true), release("r3", false, false)],
      deployment: {
        setupId: "abc",
        release: "r2",
        functions: [{ root: "price", functionName: "shop-dev-price", version: "2", memory: 128, codeSize: 8012, logGroup: "" }],
        entries: { price: { functionName: "shop-dev-price", qualifier: "live", url: "https://x.on.aws/" } },
        actions: [],
      },
    });
    expect(drawn(rows)).toMatchInlineSnapshot(`
      [
        "cloud dev · eu-central-1",
        "warning r3 · cut off, 2 functions, setup abc, 2026-11-24 10:00",
        "pass-filled r2 · live, 2 functions, setup abc, 2026-11-24 10:00",
        "tag r1 · 2 functions, setup abc, 2026-11-24 10:00",
        "link https://x.on.aws/ · price",
        "package Functions · 1",
        "  symbol-function shop-dev-price · version 2, 128 MB, 9 KB",
      ]
    `);
    expect(rows.filter(({ context }) => context === "url").map(({ url }) => url)).toEqual(["https://x.on.aws/"]);
  });

  it("say what is left after destroying", () => {
    const left: Action[] = [{ kind: "keep", resource: "log group /aws/lambda/shop-dev-price", reason: "logs are kept" }];
    expect(drawn(stateRows({ stage: "dev", place: "x", left })).slice(1)).toEqual([
      "trash Destroyed · 1 left",
      "  output shop-dev-price · log group: logs are kept",
    ]);
    expect(stateRows({ stage: "dev", place: "x", left: [] }).at(-1)!.description).toBe("nothing is left");
  });

  it("are summed up in the question", () => {
    expect(summary(actions)).toBe("2 to create, 1 to update");
  });
});
