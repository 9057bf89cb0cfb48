import { describe, expect, it } from "vitest";
import { change, dollars, milliseconds, percent, significant } from "../../../webview/format.ts";
import { dashes, roundedPath } from "../../../webview/graph/paths.ts";
import { dot, mermaid } from "../../../webview/graph/export-text.ts";
import { filtered } from "../../../webview/graph/filter.ts";
import { matches } from "../../../webview/graph/search.ts";
import { contentSecurityPolicy, panelHtml } from "../../../webview/html.ts";
import { iotFused, tree } from "../fixtures.ts";
import { web } from "../fixtures-large.ts";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.0412, "0.041"],
    [0.1234, "0.123"],
    [1.234, "1.23"],
    [53.2, "53.2"],
    [53, "53"],
    [99.96, "100"],
    [1234, "1230"],
    [123456, "123000"],
  ])("writes %d with three figures", (value, text) => expect(significant(value)).toBe(text));

  it("marks what too few samples say", () => {
    expect(milliseconds(53.2, 4)).toBe("≈ 53.2 ms (n = 4)");
    expect(milliseconds(53.2, 10)).toBe("53.2 ms");
    expect(milliseconds(53.2)).toBe("53.2 ms");
  });

  it("writes dollars with two decimals, and says when that is too coarse", () => {
    expect([0, 0.81, 12.346, 0.004].map(dollars)).toEqual(["$0.00", "$0.81", "$12.35", "< $0.01"]);
    expect(dollars(-1.5)).toBe("−$1.50");
  });

  it("writes shares and changes", () => {
    expect(percent(0.004)).toBe("< 1\u202f%");
    expect(percent(0.12)).toBe("12\u202f%");
    expect(change(200, 100)).toBe("−50\u202f%");
    expect(change(100, 130)).toBe("+30\u202f%");
    expect(change(0, 10)).toBe("0\u202f%");
  });
});

describe("lines", () => {
  it("rounds corners and forgets repeated points", () => {
    expect(
      roundedPath(
        [
          [0, 0],
          [10, 0],
          [10, 0],
          [10, 20],
        ],
        4,
      ),
    ).toBe("M0,0L6,0Q10,0 10,4L10,20");
    expect(roundedPath([])).toBe("");
  });

  it("fits whole dashes into the length", () => {
    const [dash = 0, gap = 0] = dashes(
      [
        [0, 0],
        [95, 0],
      ],
      6,
      4,
    )
      .split(" ")
      .map(Number);
    expect(Math.abs(95 / (dash + gap) - Math.round(95 / (dash + gap)))).toBeLessThan(0.01);
  });
});

describe("the graph as text", () => {
  const fused = iotFused();
  it("is Mermaid", () => {
    expect(mermaid({ tasks: tree().tasks, calls: tree().calls, setup: tree().setup })).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph f0["A · 128 MB"]
          t0(["A"])
        end
        subgraph f1["B · 128 MB"]
          t1["B"]
        end
        subgraph f2["C · 128 MB"]
          t2["C"]
        end
        subgraph f3["D · 128 MB"]
          t3["D"]
        end
        subgraph f4["E · 128 MB"]
          t4["E"]
        end
        subgraph f5["F · 128 MB"]
          t5["F"]
        end
        subgraph f6["G · 128 MB"]
          t6["G"]
        end
        t0 -.-> t2
        t0 ==> t1
        t1 ==> t3
        t3 ==> t4
        t2 -.-> t5
        t2 -.-> t6
      "
    `);
  });

  it("is DOT, with inlined calls thin", () => {
    const text = dot(fused);
    expect(text).toContain('label="analyzeSensor · 512 MB";');
    expect(text).toMatch(/t0 -> t1 \[arrowhead=normal, penwidth=1\]/);
    expect(text).toMatch(/t0 -> t3 \[style=dashed, arrowhead=vee, penwidth=2\]/);
  });

  it("quotes hostile names", () => {
    const hostile = 'a"]; evil[label="\\\n<script>';
    const state = {
      tasks: [{ name: hostile, file: "a.ts", line: 1, entry: true }],
      calls: [],
      setup: { id: "s", notation: "", functions: [] },
    };
    expect(mermaid(state)).not.toMatch(/<script>|"\]; evil/);
    expect(
      dot(state)
        .split("\n")
        .filter((line) => line.includes("label=")),
    ).toHaveLength(2);
    expect(dot(state)).toContain('\\"]; evil[label=\\"\\\\ <script>');
  });
});

describe("finding and filtering", () => {
  it("prefers names that begin with the text", () => {
    expect(matches(["unCheck", "checkAir", "check"], "CHECK")).toEqual(["check", "checkAir", "unCheck"]);
    expect(matches(["a"], "  ")).toEqual([]);
  });

  it("keeps what an entry reaches, and what lies within some calls", () => {
    expect(filtered(web(), "searchproducts", undefined).tasks.map((each) => each.name)).toEqual([
      "listproducts",
      "searchproducts",
    ]);
    expect(filtered(tree(), undefined, 1).tasks.map((each) => each.name)).toEqual(["A", "B", "C"]);
    expect(filtered(tree(), "nobody", undefined).tasks).toHaveLength(7);
  });

  it("leaves one function with what calls it and what it calls", () => {
    const { tasks, calls } = filtered(tree(), undefined, undefined, ["B"]);
    const names = new Set(tasks.map((each) => each.name));
    expect(names.has("B")).toBe(true);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every((call) => call.from === "B" || call.to === "B")).toBe(true);
    expect(calls.every((call) => names.has(call.from) && names.has(call.to))).toBe(true);
    expect(names.size).toBeLessThan(7);
  });
});

describe("the document", () => {
  const options = { cspSource: "https://x.test", scriptUri: "s.js", styleUri: "s.css", workerUri: "w.js", nonce: "n0" };

  it("allows nothing but what it needs", () => {
    const policy = contentSecurityPolicy(options);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-n0'");
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  it("escapes whatever it is given", () => {
    const html = panelHtml({
      ...options,
      title: '</title><script>"',
      workerUri: '"><img>',
      strings: { a: "</script><script>alert(1)</script>" },
    });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain("<img>");
    expect(html).not.toContain("alert(1)</script>");
  });
});
