import { describe, expect, it } from "vitest";
import { generated } from "./fixtures-large.ts";
import { iot, iotTrace, setup, task, tree } from "./fixtures.ts";
import { positions, selectedTask } from "./looks.ts";
import type { Opened } from "./page.ts";
import { shownPages } from "./shown-pages.ts";
import type { PanelState } from "../../webview/protocol.ts";

const { show } = shownPages();

describe("the keyboard", () => {
  const focused = ({ page }: Opened) => page.evaluate(() => (document.activeElement as SVGElement | null)?.dataset["key"]);

  it("walks along calls, up and down, selects, and opens the source", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.page.locator('.stop[tabindex="0"]').focus();
    expect(await focused(it)).toBe("box analyzeSensor#0");
    await it.page.keyboard.press("ArrowDown");
    expect(await focused(it)).toBe("row analyzeSensor");
    await it.page.keyboard.press("ArrowRight");
    const callee = await focused(it);
    expect(["checkSensor", "storeEvent", "checkTemperature", "checkSound", "checkAir"].map((each) => `row ${each}`)).toContain(
      callee,
    );
    await it.page.keyboard.press(" ");
    expect(`row ${await selectedTask(it)}`).toBe(callee);
    await it.page.keyboard.press("Enter");
    expect((await it.until("openSource")).file).toBe(`src/${callee?.slice(4)}.ts`);
    await it.page.keyboard.press("ArrowLeft");
    expect(await focused(it)).toBe("row analyzeSensor");
    await it.page.keyboard.press("End");
    expect(await focused(it)).toMatch(/^row /);
    await it.page.keyboard.press("Home");
    expect(await focused(it)).toBe("box analyzeSensor#0");
    // One stop in the tab order: Tab leaves the graph.
    expect(await it.page.locator('.stop[tabindex="0"]').count()).toBe(1);
  });

  it("reaches the picture by Tab from the tools, and keeps the focus when numbers change", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.page.getByRole("button", { name: "Export" }).focus();
    await it.page.keyboard.press("Tab");
    expect(await focused(it)).toBe("box analyzeSensor#0");
    await it.page.keyboard.press("ArrowDown");
    await it.show({ ...iot({ suggestion: false }), revision: 2 });
    expect(await focused(it)).toBe("row analyzeSensor");
  });

  it("finds tasks", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.page.keyboard.press("/");
    await it.page.keyboard.type("sound");
    expect(await selectedTask(it)).toBe("soundTooLoud");
    expect(await it.page.locator(".search .count").textContent()).toBe("1/3");
    await it.page.keyboard.press("Enter");
    expect(await selectedTask(it)).toBe("soundAccident");
    await it.page.keyboard.press("Escape");
    expect(await focused(it)).toMatch(/^(row|box) /);
  });

  it("zooms and fits", async () => {
    const it = await show(iot({ suggestion: false }));
    const scale = () => it.page.locator("svg.graph .scene").getAttribute("transform");
    const before = await scale();
    await it.page.keyboard.press("+");
    await it.drawn();
    expect(await scale()).not.toBe(before);
    await it.page.keyboard.press("0");
    await it.drawn();
    expect(await scale()).toBe(before);
  });

  it("keeps where one looks, however one got there, and forgets it with a fit", async () => {
    const it = await show(generated(300, { grouped: true }));
    const { page } = it;
    const shown = () => page.locator("svg.graph .scene").getAttribute("transform");
    const kept = async () => {
      const { viewport } = (await page.evaluate(() => JSON.parse(sessionStorage.getItem("state") ?? "{}"))) as {
        viewport?: { k: number; x: number; y: number };
      };
      return viewport && `translate(${viewport.x},${viewport.y}) scale(${viewport.k})`;
    };
    const moves = [
      () => page.keyboard.press("+"),
      () => page.getByRole("button", { name: "Zoom Out" }).click(),
      () => page.locator(".minimap").click({ position: { x: 40, y: 10 } }),
      async () => {
        await page.keyboard.press("/");
        await page.keyboard.type("task299");
        await page.keyboard.press("Enter");
      },
    ];
    for (const move of moves) {
      const before = await shown();
      await move();
      await it.drawn();
      expect(await shown()).not.toBe(before);
      await expect.poll(kept).toBe(await shown());
    }
    await page.getByRole("button", { name: "Fit" }).click();
    await expect.poll(kept).toBeUndefined();
  });

  it("works menus", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.page.getByRole("button", { name: "Export" }).press("Enter");
    await it.page.keyboard.press("ArrowDown");
    await it.page.keyboard.press("Enter");
    const message = await it.until("export");
    expect(message).toMatchObject({ format: "dot", to: "clipboard" });
    expect(message.content).toContain("digraph");
  });

  it("moves between tabs with arrows", async () => {
    const it = await show({ ...iot(), trace: iotTrace() });
    await it.page.getByRole("tab", { name: "Graph" }).focus();
    await it.page.keyboard.press("ArrowRight");
    expect(await it.page.getByRole("tab", { selected: true }).textContent()).toBe("Front");
    await it.page.keyboard.press("End");
    await it.page.locator("svg.trace").waitFor();
  });
});

describe("view state", () => {
  it("survives a restart: tab, side, selection, viewport", async () => {
    const it = await show(iot());
    await it.page.getByRole("button", { name: "After" }).click();
    await it.page.locator('.row[data-task="checkAir"]').click();
    await it.page.mouse.move(400, 400);
    await it.page.mouse.wheel(0, -240);
    await it.drawn();
    const before = await positions(it);
    // Saving waits a moment; leaving the page saves at once.
    await it.page.reload();
    await it.show(iot());
    expect(await it.page.locator("svg.graph").getAttribute("data-side")).toBe("after");
    expect(await selectedTask(it)).toBe("checkAir");
    expect(await positions(it)).toEqual(before);
    expect((await it.until("viewState")).state).toMatchObject({ side: "after", selection: { kind: "task", id: "checkAir" } });
  });

  it.each([
    [42],
    [{ tab: "evil" }],
    [{ tab: "graph", side: "before", view: "task", toggled: [], colour: "none", viewport: { k: "x" } }],
  ])("starts afresh from %j", async (saved) => {
    const it = await show(tree(), { saved });
    expect(await it.page.getByRole("tab", { selected: true }).textContent()).toBe("Graph");
    expect(await it.page.locator(".row").count()).toBe(7);
  });
});

describe("empty states", () => {
  it("says what to do without tasks", async () => {
    const it = await show({ ...iot(), tasks: [], calls: [] });
    expect(await it.page.locator(".overlay").ariaSnapshot()).toMatchInlineSnapshot(`
      "- status:
        - heading "No tasks found yet." [level=2]
        - paragraph: "Define a task in a source file that fusionize.json names, and it appears here:"
        - code: "export const storeEvent = task(\\"storeEvent\\", async (event) => { … });"
        - button "Create Sample App…"
        - button "Show Log""
    `);
    await it.page.getByRole("button", { name: "Create Sample App…" }).click();
    expect(await it.until("command")).toEqual({ type: "command", command: "createSample" });
  });

  it("leads to the error that hides the app", async () => {
    const state: PanelState = {
      ...iot(),
      tasks: [],
      calls: [],
      diagnostics: [{ severity: "error", message: "Expected a comma.", file: "fusionize.json", line: 4 }],
    };
    const it = await show(state);
    await it.page.getByText("Expected a comma.").waitFor();
    await it.page.getByRole("button", { name: "Open fusionize.json" }).click();
    expect(await it.until("openSource")).toEqual({ type: "openSource", file: "fusionize.json", line: 4 });
  });

  it("comes back when tasks appear", async () => {
    const it = await show({ ...iot(), tasks: [], calls: [] });
    await it.show({ ...iot(), revision: 2 });
    expect(await it.page.locator(".row").count()).toBe(10);
    expect(await it.page.locator(".overlay").isVisible()).toBe(false);
  });

  it.each([
    ["Front", "Suggest Fusion", "suggest"],
    ["Trace", "Invoke Task…", "invokeTask"],
  ])("says what to do in an empty %s", async (tab, button, command) => {
    const it = await show(iot({ measured: false, suggestion: false }));
    await it.page.getByRole("tab", { name: tab }).click();
    await it.page.getByRole("tabpanel").getByRole("button", { name: button }).click();
    expect(await it.until("command")).toEqual({ type: "command", command });
  });
});

describe("hostile input", () => {
  const hostile = [
    '<img src=x onerror="window.hacked=1">',
    "</script><script>window.hacked=1</script>",
    '"]; DROP',
    "__proto__",
    "constructor",
    "‮esrever",
    "a".repeat(250),
    "🧊🧊🧊",
    "  ",
  ];

  it("draws names as text, never as markup", async () => {
    const tasks = hostile.map((name, index) => task(name, { entry: index === 0, constraints: [name] }));
    const state: PanelState = {
      ...tree(),
      app: hostile[0] ?? "",
      tasks,
      calls: hostile
        .slice(1)
        .map((name, index) => ({ from: hostile[index] ?? "", to: name, kind: "sync", file: "a.ts", line: 1 })),
      setup: setup(
        "s",
        hostile.map((root) => ({ root, memory: 128, tasks: [root], inline: [], inlineAsync: [] })),
      ),
      diagnostics: [{ severity: "warning", message: hostile[1] ?? "", file: "a.ts", line: 1 }],
      run: { state: "running", message: hostile[0] ?? "" },
    };
    const it = await show(state);
    expect(await it.page.locator(".row").count()).toBe(hostile.length);
    for (let index = 0; index < hostile.length; index += 1) {
      await it.page.locator(".row").nth(index).dispatchEvent("click");
      await it.page.getByRole("complementary", { name: "Details" }).locator("h2").waitFor({ state: "attached" });
    }
    expect(
      await it.page.evaluate(() => ({
        hacked: "hacked" in window,
        images: document.images.length,
        scripts: document.scripts.length,
      })),
    ).toEqual({ hacked: false, images: 0, scripts: 3 });
  });

  it("refuses messages that are no states, and goes on", async () => {
    const it = await show(tree());
    await it.page.evaluate(() => {
      for (const message of [
        null,
        1,
        { type: "state" },
        { type: "state", state: { revision: 9, tasks: "x" } },
        { type: "reveal", task: {} },
      ])
        window.postMessage(message, "*");
    });
    await it.show({ ...tree(), revision: 2, app: "still here" });
    await it.page.getByText("still here").waitFor();
    expect(it.problems).toHaveLength(5);
    it.problems.length = 0;
  });
});

describe("export", () => {
  it("writes an SVG that stands alone, with resolved colours", async () => {
    const it = await show(iot());
    await it.page.getByRole("button", { name: "Export" }).click();
    await it.page.getByRole("menuitem", { name: "Save as SVG…" }).click();
    const { content, format, to } = await it.until("export");
    expect({ format, to }).toEqual({ format: "svg", to: "file" });
    expect(content).not.toMatch(/var\(--|class=|NaN/);
    for (const name of ["analyzeSensor", "$5.91", "→ checkAir"]) expect(content).toContain(name);
    const rendered = await it.page.evaluate(async (svg) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, content);
    expect(Math.min(...rendered)).toBeGreaterThan(200);
  });

  it("writes a PNG", async () => {
    const it = await show(tree());
    await it.page.getByRole("button", { name: "Export" }).click();
    await it.page.getByRole("menuitem", { name: "Save as PNG…" }).click();
    const { content, format } = await it.until("export");
    expect(format).toBe("png");
    expect(Buffer.from(content, "base64").subarray(1, 4).toString()).toBe("PNG");
    expect(content.length).toBeGreaterThan(5_000);
  });
});
