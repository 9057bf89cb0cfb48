import { describe, expect, it } from "vitest";
import { iot, iotFused, tree } from "./fixtures.ts";
import { generated } from "./fixtures-large.ts";
import { outlines, positions, selectedTask } from "./looks.ts";
import { shownPages } from "./shown-pages.ts";

const { show, open } = shownPages();

describe("the graph", () => {
  it("asks for the state when it is ready and says what it reads", async () => {
    const opened = await open();
    await opened.until("ready");
    await opened.page.getByText("Reading the app…").waitFor();
    await opened.show(iot({ suggestion: false }));
    expect(await opened.page.locator("svg.graph").getAttribute("data-layout")).toBe("worker");
    expect(await opened.page.locator("svg.graph").ariaSnapshot()).toMatchInlineSnapshot(`
      "- 'group "Call graph of iot: 10 tasks, 10 functions. Arrow keys move along calls, Enter opens the source."':
        - button "Function analyzeSensor, 128 MB, 1 task, p50 30.7 ms, $0.26 per million requests, 2 % cold starts": $0.26 p50 30.7 ms 2 % analyzeSensor · 128 MB
        - button "Entry task analyzeSensor, calls checkSensor (synchronous, remote, paid twice), storeEvent (synchronous, remote, paid twice), checkTemperature (asynchronous, remote), checkSound (asynchronous, remote), checkAir (asynchronous, remote)": analyzeSensor
        - button "Function checkSensor, 128 MB, 1 task, p50 12.4 ms, $0.22 per million requests, 8 % cold starts": $0.22 p50 12.4 ms 8 % checkSensor · 128 MB
        - button "Task checkSensor": checkSensor
        - button "Function storeEvent, 128 MB, 1 task, p50 68.5 ms, $0.34 per million requests, 8 % cold starts": $0.34 p50 68.5 ms 8 % storeEvent · 128 MB
        - button "Task storeEvent": storeEvent
        - button "Function checkSound, 128 MB, 1 task, p50 20.8 ms, $0.24 per million requests, 8 % cold starts": $0.24 p50 20.8 ms 8 % checkSound · 128 MB
        - 'button "Task checkSound, calls soundTooLoud (synchronous, remote, paid twice), soundAccident (synchronous, remote, paid twice), constraint: never together with checkAir"': checkSound
        - button "Function checkAir, 128 MB, 1 task, p50 18.2 ms, $0.24 per million requests, 8 % cold starts": $0.24 p50 18.2 ms 8 % checkAir · 128 MB
        - button "Task checkAir, calls detectJam (synchronous, remote, paid twice), actionSignage (asynchronous, remote)": checkAir
        - button "Function checkTemperature, 128 MB, 1 task, p50 2510 ms, $5.55 per million requests, 8 % cold starts": $5.55 p50 2510 ms 8 % checkTemperature · 128 MB
        - button "Task checkTemperature, calls actionSignage (asynchronous, remote)": checkTemperature
        - button "Function soundAccident, 128 MB, 1 task, p50 69.7 ms, $0.34 per million requests, 8 % cold starts": $0.34 p50 69.7 ms 8 % soundAccident · 128 MB
        - button "Task soundAccident": soundAccident
        - button "Function soundTooLoud, 128 MB, 1 task, p50 147 ms, $0.51 per million requests, 8 % cold starts": $0.51 p50 147 ms 8 % soundTooLoud · 128 MB
        - button "Task soundTooLoud": soundTooLoud
        - button "Function detectJam, 128 MB, 1 task, p50 2680 ms, $5.91 per million requests, 8 % cold starts": $5.91 p50 2680 ms 8 % detectJam · 128 MB
        - button "Task detectJam": detectJam
        - button "Function actionSignage, 128 MB, 1 task, p50 2720 ms, $5.98 per million requests, 8 % cold starts": $5.98 p50 2720 ms 8 % actionSignage · 128 MB
        - button "Task actionSignage": actionSignage"
    `);
  });

  it("tells the suggestion, what it brings, and sends its acceptance", async () => {
    const it = await show(iot());
    expect(await it.page.getByRole("region", { name: "Suggested setup" }).ariaSnapshot()).toMatchInlineSnapshot(`
      "- region "Suggested setup":
        - strong: Inline checkSensor and storeEvent into analyzeSensor, and detectJam into checkAir; give both more memory.
        - text: analyzeSensor pays $0.24 per million for waiting on two functions. At 1769 MB detectJam runs 13 times as fast for the same price. 287 ms → 61.4 ms p50 −79 % $24.31 → $16.84 per million −31 %
        - group "Show setup":
          - button "Before" [pressed]
          - button "After"
        - button "Accept""
    `);
    await it.page.getByRole("button", { name: "Accept" }).click();
    await it.until("acceptSuggestion");
  });

  it("moves no task when it switches between before and after", async () => {
    const it = await show(iot());
    const before = await positions(it);
    expect(Object.keys(before)).toHaveLength(10);
    expect(await outlines(it)).toBe(10);
    await it.page.getByRole("button", { name: "After" }).click();
    await it.drawn();
    expect(await positions(it)).toEqual(before);
    expect(await outlines(it)).toBe(5);
    expect(await it.page.locator('.row[data-task="checkSensor"]').getAttribute("aria-label")).toContain(
      "in function analyzeSensor",
    );
    await it.page.getByRole("button", { name: "Before" }).click();
    await it.drawn();
    expect(await positions(it)).toEqual(before);
  });

  it("says in a chip where a task goes", async () => {
    const it = await show(iot());
    expect(await it.page.locator('.row[data-task="detectJam"] .move').textContent()).toBe("→ checkAir");
    await it.page.getByRole("button", { name: "After" }).click();
    await it.drawn();
    expect(await it.page.locator('.row[data-task="detectJam"] .move').textContent()).toBe("← own function");
    expect(await it.page.locator('.clone[data-task="actionSignage"]').count()).toBe(2);
  });

  it("marks where the editor's cursor stands without moving the view, and calls that source and measurement disagree on", async () => {
    const state = iot({ suggestion: false });
    state.calls = state.calls.map((call) => (call.to === "storeEvent" ? { ...call, evidence: "unseen" as const } : call));
    const it = await show(state);
    const before = await it.page.locator("svg.graph > g").first().getAttribute("transform");
    await it.send({ type: "cursor", task: "checkAir" });
    await it.page.locator('.row.at-cursor[data-task="checkAir"]').waitFor();
    expect(await it.page.locator("svg.graph > g").first().getAttribute("transform")).toBe(before);
    expect(await it.page.locator(".line.unseen").count()).toBe(1);
    await it.send({ type: "cursor" });
    expect(await it.page.locator(".at-cursor").count()).toBe(0);
  });

  it("shows how long the last invocation took", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.send({
      type: "live",
      invocations: [{ function: "checkAir", cold: true, durationMs: 53.2 }],
      instances: [{ function: "checkAir", total: 1, busy: 0 }],
    });
    await it.page.locator("g.live", { hasText: "1 · 0/1 · 53.2 ms" }).waitFor();
  });

  it("asks for the slowest trace of a task and of a call", async () => {
    const it = await show({
      ...iot({ suggestion: false }),
      traces: [{ trace: "t1", durationMs: 5, cold: false, error: false, rank: "slowest" }],
    });
    await it.page.locator('.row[data-task="checkAir"]').click();
    await it.page.getByRole("button", { name: "Slowest Trace" }).click();
    expect(await it.until("showTrace")).toEqual({ type: "showTrace", task: "checkAir" });
  });

  it("keeps viewport and positions while numbers change", async () => {
    const it = await show(iotFused());
    await it.page.getByRole("button", { name: "Zoom In" }).click();
    await it.drawn();
    const before = await positions(it);
    const next = iotFused();
    next.revision = 3;
    for (const each of next.setup.functions) if (each.p50Ms) each.p50Ms = Math.round(each.p50Ms) - 1;
    await it.show(next);
    await it.page.getByText("p50 52 ms").waitFor();
    expect(await positions(it)).toEqual(before);
  });

  it("ignores a state that is older than the one it shows", async () => {
    const it = await show({ ...iot({ suggestion: false }), revision: 7 });
    await it.send({ type: "state", state: { ...iot({ suggestion: false }), tasks: [], calls: [], revision: 6 } });
    await it.drawn();
    expect(await it.page.locator(".row").count()).toBe(10);
  });

  it("selects, fades the rest, colours callers and callees, and shows numbers beside", async () => {
    const it = await show(iot({ suggestion: false }));
    await it.page.locator('.row[data-task="checkAir"]').click();
    const roles = await it.page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll<SVGGElement>(".row")].map((row) => [
          row.dataset["task"],
          ["selected", "caller", "callee", "faded"].find((each) => row.classList.contains(each)),
        ]),
      ),
    );
    expect(roles).toEqual({
      analyzeSensor: "caller",
      checkAir: "selected",
      detectJam: "callee",
      actionSignage: "callee",
      checkSensor: "faded",
      storeEvent: "faded",
      checkTemperature: "faded",
      checkSound: "faded",
      soundTooLoud: "faded",
      soundAccident: "faded",
    });
    expect(await it.page.getByRole("complementary", { name: "Details" }).ariaSnapshot()).toMatchInlineSnapshot(`
      "- complementary "Details":
        - heading "checkAir" [level=2]
        - paragraph: Task
        - button "Close Details"
        - button "src/checkAir.ts:9"
        - button "Invoke Task…"
        - term: Function
        - definition: checkAir
        - term: p50
        - definition: 16.9 ms
        - term: p95
        - definition: 18.5 ms
        - term: Own CPU
        - definition: 1.2 ms
        - term: Own waiting
        - definition: 0.3 ms
        - term: Runs per request
        - definition: "1"
        - term: Errors
        - definition: "0"
        - term: Samples
        - definition: "120"
        - heading "Called by" [level=3]
        - list:
          - listitem:
            - button "analyzeSensor"
            - text: async · remote · 1 × · hop 9.2 ms
        - heading "Calls" [level=3]
        - list:
          - listitem:
            - button "detectJam"
            - text: sync · remote · 1 × · hop 20.4 ms $4.12 paid twice
          - listitem:
            - button "actionSignage"
            - text: async · remote · 1 × · hop 9.2 ms"
    `);
    await it.page.getByRole("button", { name: "src/checkAir.ts:9" }).click();
    expect(await it.until("openSource")).toEqual({ type: "openSource", file: "src/checkAir.ts", line: 9 });
    await it.page.getByRole("button", { name: "Invoke Task…" }).click();
    expect(await it.until("command")).toEqual({ type: "command", command: "invokeTask", task: "checkAir" });
    await it.page.keyboard.press("Escape");
    expect(await it.page.locator(".faded").count()).toBe(0);
  });

  it("shows a call's numbers when its line is chosen", async () => {
    const it = await show(iot({ suggestion: false }));
    const line = it.page.locator(".line.twice").first();
    await line.locator(".reach").dispatchEvent("click");
    const details = it.page.getByRole("complementary", { name: "Details" });
    await details.getByText("Synchronous call").waitFor();
    expect(await details.textContent()).toContain("The caller waits and is billed meanwhile");
  });

  it.each([
    ["Run Locally", { type: "command", command: "runLocally" }],
    ["Run Workload…", { type: "command", command: "runWorkload" }],
    ["Suggest Fusion", { type: "command", command: "suggest" }],
  ])("sends the command of %s", async (name, message) => {
    const it = await show(iot());
    await it.page.getByRole("button", { name }).click();
    expect(await it.until("command")).toEqual(message);
  });

  it("offers to stop while it runs, and says so", async () => {
    const it = await show({ ...iot(), run: { state: "running", message: "http://127.0.0.1:9001" } });
    expect(await it.page.locator(".summary [role=status]").textContent()).toBe("Running · http://127.0.0.1:9001");
    await it.page.getByRole("button", { name: "Stop", exact: true }).click();
    expect(await it.until("command")).toEqual({ type: "command", command: "stop" });
  });

  it("counts live invocations and cold starts, and pulses", async () => {
    const it = await show({ ...iotFused(), run: { state: "running" } });
    await it.send({
      type: "live",
      invocations: [
        { function: "checkAir", cold: true, durationMs: 0 },
        { function: "checkAir", cold: false, durationMs: 0 },
      ],
      instances: [{ function: "checkAir", total: 2, busy: 1 }],
    });
    await it.page.locator(".live.busy title").waitFor({ state: "attached" });
    expect(await it.page.locator(".live title").textContent()).toBe("2 invocations, 1 cold; 1 of 2 instances busy");
  });

  it("moves nothing under reduced motion", async () => {
    const it = await show({ ...iot(), run: { state: "running" } }, { reducedMotion: true });
    await it.page.getByRole("button", { name: "After" }).click();
    // At once, without waiting for anything: outlines stand where they belong.
    expect(await outlines(it)).toBe(5);
    await it.send({ type: "live", invocations: [{ function: "analyzeSensor", cold: false, durationMs: 0 }], instances: [] });
    await it.page.locator(".live").waitFor();
    expect(await it.page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it("reveals a task that the editor points at", async () => {
    const it = await show(generated(60));
    await it.page.getByRole("tab", { name: "Front" }).click();
    await it.send({ type: "reveal", task: "task55" });
    await it.drawn();
    expect(await selectedTask(it)).toBe("task55");
    const box = await it.page.locator('.row[data-task="task55"]').boundingBox();
    expect(box && box.x > 0 && box.y > 0 && box.x + box.width < 1600 && box.y + box.height < 1000).toBe(true);
  });

  it("draws as deployed, with inlined tasks repeated", async () => {
    const it = await show(iotFused());
    await it.page.getByRole("button", { name: "View" }).click();
    await it.page.getByRole("menuitemradio", { name: "As deployed, inlined tasks repeated" }).click();
    await it.drawn();
    expect(await it.page.locator('.row[data-task="actionSignage"]').count()).toBe(3);
  });

  it("lays out in the page where workers are refused", async () => {
    const it = await show(tree(), { noWorker: true });
    expect(await it.page.locator("svg.graph").getAttribute("data-layout")).toBe("page");
    expect(await it.page.locator(".row").count()).toBe(7);
  });

  it("speaks the language that it is given", async () => {
    const it = await show(iot(), {
      strings: { "Run Locally": "Lokal ausführen", "{0} tasks in {1} functions": "{0} Tasks in {1} Funktionen" },
    });
    await it.page.getByRole("button", { name: "Lokal ausführen" }).waitFor();
    await it.page.getByText("10 Tasks in 10 Funktionen").waitFor();
  });
});
