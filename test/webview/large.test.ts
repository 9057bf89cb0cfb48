/** Large apps: layout off the main thread, closed functions, and a picture that still moves. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generated } from "./fixtures-large.ts";
import { startHarness, type Harness } from "./page.ts";

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe("1,000 tasks", () => {
  it("are laid out in a worker while the page answers, closed, and can be found and opened", async () => {
    const opened = await harness.open();
    const { page } = opened;
    try {
      // Counts how often the page gets a turn while the layout is made.
      await page.evaluate(() => {
        const count = { turns: 0 };
        Reflect.set(globalThis, "count", count);
        setInterval(() => (count.turns += 1), 10);
      });
      await opened.show(generated(1_000, { grouped: true }));
      expect(await page.locator("svg.graph").getAttribute("data-layout")).toBe("worker");
      expect(await page.evaluate(() => (Reflect.get(globalThis, "count") as { turns: number }).turns)).toBeGreaterThan(10);
      expect(await page.locator(".row").count()).toBe(0);
      expect(await page.locator(".header").count()).toBeGreaterThan(300);
      expect(await page.locator(".minimap").isVisible()).toBe(true);

      const frames = await page.evaluate(async () => {
        const svg = document.querySelector("svg.graph") as SVGSVGElement;
        const { width, height } = svg.getBoundingClientRect();
        const at = (type: string, x: number) =>
          svg.dispatchEvent(
            new MouseEvent(type, { bubbles: true, view: window, clientX: x, clientY: height / 2, button: 0, buttons: 1 }),
          );
        at("mousedown", width / 2);
        const start = performance.now();
        for (let step = 1; step <= 30; step += 1) {
          window.dispatchEvent(
            new MouseEvent("mousemove", {
              bubbles: true,
              view: window,
              clientX: width / 2 + step * 5,
              clientY: height / 2,
              buttons: 1,
            }),
          );
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        window.dispatchEvent(new MouseEvent("mouseup", { bubbles: true, view: window }));
        return 30_000 / (performance.now() - start);
      });
      // Speed is measured by the benchmark; here only that panning is not a slide show.
      expect(frames).toBeGreaterThan(4);

      await page.keyboard.press("/");
      await page.keyboard.type("task1");
      await opened.drawn();
      await page.locator('.header[data-function="task1"]').dblclick();
      await opened.drawn();
      expect(await page.locator('.row[data-task="task1"]').count()).toBe(1);
      await opened.screenshot("large 1000");
      expect(opened.problems).toEqual([]);
    } finally {
      await page.context().close();
    }
  });
});
