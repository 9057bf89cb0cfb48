import { createRequire } from "node:module";
import type { ELK } from "elkjs/lib/elk-api.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrange } from "../../../webview/graph/layout.ts";
import { lineLook, joinPicture, type Picture } from "../../../webview/graph/picture.ts";
import { refine, type Placement } from "../../../webview/graph/refinement.ts";
import { buildScene, type SceneInput } from "../../../webview/graph/scene.ts";
import type { Rect } from "../../../webview/graph/stack.ts";
import { fitText, type Measure } from "../../../webview/graph/measure.ts";
import type { PanelState, SetupView } from "../../../webview/protocol.ts";
import { call, fn, iot, iotFused, iotSuggested, setup, task, tree } from "../fixtures.ts";
import { generated, web } from "../fixtures-large.ts";

const measure: Measure = (text, font) => Math.ceil(text.length * { name: 7.2, strong: 7.6, header: 6.6, metric: 6 }[font]);
const ElkBundled = createRequire(import.meta.url)("elkjs/lib/elk.bundled.js") as new () => ELK;
const elk = new ElkBundled();

async function pictureOf(state: PanelState, after?: SetupView, extra: Partial<SceneInput> = {}): Promise<Picture> {
  const scene = buildScene({
    tasks: state.tasks,
    calls: state.calls,
    before: state.setup,
    view: "task",
    collapsed: () => false,
    measure,
    ...(after ? { after } : {}),
    ...extra,
  });
  return joinPicture(scene, await arrange(scene, elk));
}

const overlap = (a: Rect, b: Rect) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (a: Rect, b: Rect) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

function checkPicture(picture: Picture): void {
  picture.rows.forEach((row, index) => {
    for (const other of picture.rows.slice(index + 1)) expect(overlap(row, other), `${row.id} over ${other.id}`).toBe(false);
  });
  for (const side of ["before", "after"] as const) {
    const boxes = picture.boxes.flatMap((box) => (box.rects[side] ? [{ box, rect: box.rects[side] }] : []));
    boxes.forEach(({ box, rect }, index) => {
      for (const other of boxes.slice(index + 1))
        expect(overlap(rect, other.rect), `${side}: ${box.id} over ${other.box.id}`).toBe(false);
      for (const chip of box.clones[side] ?? []) {
        expect(inside(chip, rect), `chip ${chip.task} in ${box.id}`).toBe(true);
        for (const row of picture.rows) expect(overlap(chip, row), `chip ${chip.task} over ${row.id}`).toBe(false);
      }
      for (const row of picture.rows) {
        const own = row.placement.home[side] === box.root;
        if (own && boxes.filter((each) => each.box.root === box.root).length === 1)
          expect(inside(row, rect), `${side}: ${row.id} in ${box.id}`).toBe(true);
        if (!own) expect(overlap(row, rect), `${side}: ${row.id} in foreign ${box.id}`).toBe(false);
      }
    });
  }
}

/** Whether a horizontal or vertical segment passes through the inside of a rectangle. */
function crosses([x1, y1]: [number, number], [x2, y2]: [number, number], rect: Rect): boolean {
  const [left, right, top, bottom] = [Math.min(x1, x2), Math.max(x1, x2), Math.min(y1, y2), Math.max(y1, y2)];
  return left < rect.x + rect.width - 1 && right > rect.x + 1 && top < rect.y + rect.height - 1 && bottom > rect.y + 1;
}

describe("the picture", () => {
  it.each([
    ["iot, base", iot({ suggestion: false }), undefined],
    ["iot, compared", iot(), iotSuggested()],
    ["iot, fused", iotFused(), undefined],
    ["tree", tree(), undefined],
    ["web", web(), undefined],
    ["60 in groups", generated(60, { grouped: true }), undefined],
  ] as const)("of %s has no overlaps, every task once and in its function", async (_name, state, after) => {
    const picture = await pictureOf(state, after);
    expect(picture.rows.map((row) => row.task.name).sort()).toEqual(state.tasks.map((each) => each.name).sort());
    checkPicture(picture);
  });

  it.each([
    ["iot", iot(), iotSuggested()],
    ["web", web(), undefined],
  ] as const)("of %s leads no remote call through the box of a third function", async (_name, state, after) => {
    const picture = await pictureOf(state, after);
    for (const line of picture.lines.filter((each) => !each.within)) {
      const ends = new Set([line.from, line.to].map((id) => picture.rows.find((row) => row.id === id)?.stack));
      const foreign = picture.rows.filter((row) => !ends.has(row.stack));
      line.points.forEach((point, index) => {
        const previous = line.points[index - 1];
        if (!previous) return;
        for (const row of foreign) expect(crosses(previous, point, row), `${line.id} through ${row.id}`).toBe(false);
      });
    }
  });

  it("shows what is paid twice, and that the suggestion removes it", async () => {
    const picture = await pictureOf(iot(), iotSuggested());
    const twice = (side: "before" | "after") =>
      picture.lines
        .filter((line) => lineLook(line, side).twice)
        .map((line) => line.links[0]?.callee)
        .sort((a, b) => String(a).localeCompare(String(b)));
    expect(twice("before")).toEqual(["checkSensor", "detectJam", "soundAccident", "soundTooLoud", "storeEvent"]);
    expect(twice("after")).toEqual([]);
  });

  it("draws the inlined asynchronous call to a clone chip, and none to its own function", async () => {
    const picture = await pictureOf(iotFused());
    const signage = picture.lines.filter((line) => line.links[0]?.callee === "actionSignage");
    expect(signage.map((line) => ({ within: line.within, inlined: lineLook(line, "before").inlined }))).toEqual([
      { within: true, inlined: true },
      { within: true, inlined: true },
    ]);
    expect(
      picture.boxes
        .filter((box) => (box.clones.before?.length ?? 0) > 0)
        .map((box) => box.root)
        .sort(),
    ).toEqual(["checkAir", "checkTemperature"]);
  });

  it("draws remote lines thicker with more calls per request", async () => {
    const picture = await pictureOf(web());
    const widthOf = (callee: string) =>
      lineLook(
        picture.lines.find(
          (line) => line.links[0]?.caller === "frontend" && line.links[0]?.callee === callee,
        ) as Picture["lines"][number],
        "before",
      ).width;
    expect(widthOf("currency")).toBeGreaterThan(widthOf("getads"));
    expect(widthOf("getads")).toBeGreaterThan(widthOf("emptycart"));
  });

  it("is the same for the same input", async () => {
    expect(await pictureOf(web())).toEqual(await pictureOf(web()));
  });

  it("repeats inlined tasks in the deployment view", async () => {
    const picture = await pictureOf(iotFused(), undefined, { view: "deployment" });
    expect(
      picture.rows
        .filter((row) => row.task.name === "actionSignage")
        .map((row) => row.id)
        .sort(),
    ).toEqual(["actionSignage/actionSignage", "checkAir/actionSignage", "checkTemperature/actionSignage"]);
    checkPicture(picture);
  });

  it("draws closed functions as headers and gathers their calls", async () => {
    const state = iotFused();
    const picture = await pictureOf(state, undefined, { collapsed: () => true });
    expect(picture.rows).toEqual([]);
    expect(picture.boxes).toHaveLength(5);
    expect(picture.lines.map((line) => `${line.from}>${line.to}`).sort()).toEqual([
      "analyzeSensor>checkAir",
      "analyzeSensor>checkSound",
      "analyzeSensor>checkTemperature",
    ]);
  });

  it("survives recursion, mutual calls, and tasks that no function names", async () => {
    const state: PanelState = {
      ...tree(),
      tasks: ["a", "b", "c"].map((name) => task(name)),
      calls: [call("a", "a", "sync"), call("a", "b", "sync"), call("b", "a", "async"), call("b", "zzz", "sync")],
      setup: setup("s", [fn("a", 128, { inline: ["a", "b"] })]),
    };
    const picture = await pictureOf(state);
    expect(picture.rows.map((row) => row.id).sort()).toEqual(["a", "b", "c"]);
    checkPicture(picture);
  });
});

describe("one geometry for two setups", () => {
  it("keeps functions in one piece on both sides where a task moves from one to the other", () => {
    const home = (before: string, after: string) => ({ before, after });
    const placements: Placement[] = [
      { id: "g1", task: "g1", home: home("g", "g") },
      { id: "x", task: "x", home: home("g", "h") },
      { id: "h1", task: "h1", home: home("h", "h") },
    ];
    const [stack, ...rest] = refine(placements, (name) => ["g1", "h1", "x"].indexOf(name));
    expect(rest).toEqual([]);
    expect(stack?.cells.map((cell) => cell.placements.map((each) => each.task))).toEqual([["g1"], ["x"], ["h1"]]);
  });

  it("places every task exactly once and never breaks a function of the later setup, for any two groupings", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `t${index}`);
    const grouping = fc.array(fc.nat(3), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(grouping, grouping, async (first, second) => {
        const setupOf = (groups: number[]): SetupView => {
          const byGroup = Map.groupBy(names, (_, index) => groups[index] ?? 0);
          return setup(
            "s",
            [...byGroup.values()].map(([root = "", ...inline]) => fn(root, 128, { inline })),
          );
        };
        const calls = names
          .slice(1)
          .map((name, index) => call(names[Math.floor(index / 2)] ?? "", name, index % 3 === 0 ? "async" : "sync"));
        const state: PanelState = {
          ...tree(),
          tasks: names.map((name, index) => task(name, { entry: index === 0 })),
          calls,
          setup: setupOf(first),
        };
        const picture = await pictureOf(state, setupOf(second));
        expect(picture.rows.map((row) => row.id).sort()).toEqual(names);
        expect(picture.boxes.filter((box) => box.rects.after && box.piece > 0)).toEqual([]);
        checkPicture(picture);
      }),
      { numRuns: 40 },
    );
  });
});

describe("cutting names", () => {
  it("keeps both ends and never exceeds the width", () => {
    const name = "a-very-long-task-name-that-somebody-wrote";
    const cut = fitText(name, 120, "name", measure);
    expect(cut).toMatch(/^a-very.*….*wrote$/);
    expect(measure(cut, "name")).toBeLessThanOrEqual(120);
    expect(fitText("short", 120, "name", measure)).toBe("short");
  });
});
