import { describe, expect, it } from "vitest";
import { describe as describePoint, logTicks, plotFront } from "../../../webview/front/plot.ts";
import { frontSvg } from "../../../webview/front/svg.ts";
import { layOutTrace } from "../../../webview/trace/layout.ts";
import { iot, iotTrace } from "../fixtures.ts";

describe("the front", () => {
  const points = iot().front;
  it("joins what is not dominated by steps that only go down as cost goes up", () => {
    const plot = plotFront(points, { width: 800, height: 500 });
    const line = plot.shape.children?.find((each) => typeof each === "object" && each.attributes["class"] === "front-line");
    const path = typeof line === "object" ? String(line.attributes["d"]) : "";
    const numbers = [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(
      (match) => [Number(match[1]), Number(match[2])] as const,
    );
    expect(numbers.length).toBeGreaterThan(4);
    numbers.slice(1).forEach(([x, y], index) => {
      const [px, py] = numbers[index] ?? [0, 0];
      expect(x).toBeGreaterThanOrEqual(px - 0.01);
      expect(y).toBeGreaterThanOrEqual(py - 0.01);
    });
  });

  it("keeps points, intervals and names inside the picture", () => {
    const svg = frontSvg(points, { width: 640, height: 420 });
    for (const [, x] of svg.matchAll(/ cx="([\d.]+)"/g)) expect(Number(x)).toBeGreaterThan(60 - 1);
    for (const [, y] of svg.matchAll(/ cy="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(420);
    expect(svg).toContain("knee · suggested");
    expect(svg).not.toContain("tabindex");
  });

  it("has ticks at round values over any range", () => {
    expect(logTicks(40, 700)).toEqual([50, 100, 200, 500]);
    expect(logTicks(1, 100_000)).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
    expect(logTicks(52, 61).length).toBeGreaterThanOrEqual(1);
  });

  it("survives a single point, zero cost, and hostile names", () => {
    const [one] = points;
    if (!one) throw new Error("no point");
    const odd = { ...one, costPerMillion: 0, latencyMs: 0, labels: ['"><script>'] };
    expect(frontSvg([odd], { width: 300, height: 200 })).not.toMatch(/NaN|<script/);
    expect(describePoint(odd)).toContain("$0.00 per million requests");
  });
});

describe("the trace", () => {
  const layout = layOutTrace(iotTrace());
  const find = (id: string) => layout.spans.find((each) => each.span.id === id);

  it("gives overlapping inlined calls rows of their own and nests them under their caller", () => {
    expect(new Set([find("d0")?.row, find("d1")?.row, find("d2")?.row])).toEqual(new Set([0, 1, 2]));
    expect(find("a2")?.row).toBe(1);
  });

  it("tells waiting that is paid twice from events that are handed over", () => {
    expect(find("b1")?.look).toBe("twice");
    expect(find("a3")?.look).toBe("handover");
    expect(find("c0")?.look).toBe("run");
  });

  it("connects calls to the runs that they caused", () => {
    expect(layout.connectors.map(({ from, to, kind }) => `${from.span.id}>${to.span.id} ${kind}`).sort()).toEqual([
      "a3>d0 async",
      "a4>b0 async",
      "b1>c0 sync",
    ]);
  });

  it("marks the critical path of the answer only", () => {
    expect(
      layout.spans
        .filter((each) => each.critical)
        .map((each) => each.span.id)
        .sort(),
    ).toEqual(["a0", "a1", "a2"]);
  });

  it("begins with the cold start", () => {
    expect(layout.start).toBe(-118);
    expect(layout.lanes.map((lane) => lane.function)).toEqual(["analyzeSensor", "checkSound", "checkAir", "detectJam"]);
  });

  it("follows a synchronous remote call into the callee", () => {
    const trace = iotTrace();
    const only = {
      ...trace,
      lanes: trace.lanes.slice(1, 3).map((lane) => ({
        ...lane,
        spans: lane.spans.map((each) => (each.id === "b0" ? { ...each, parent: undefined } : each)),
      })),
    };
    expect(
      layOutTrace(only)
        .spans.filter((each) => each.critical)
        .map((each) => each.span.id)
        .sort(),
    ).toEqual(["b0", "b1", "c0"]);
  });

  it("survives cycles and missing parents", () => {
    const lane = {
      function: "a",
      instance: "i",
      memory: 128,
      startMs: 0,
      durationMs: 1,
      spans: [
        { id: "x", parent: "y", task: "a", kind: "sync" as const, mode: "inline" as const, startMs: 0, durationMs: 1 },
        { id: "y", parent: "x", task: "b", kind: "sync" as const, mode: "remote" as const, startMs: 0, durationMs: 1 },
      ],
    };
    expect(layOutTrace({ trace: "t", durationMs: 1, lanes: [lane] }).spans).toHaveLength(2);
  });
});
