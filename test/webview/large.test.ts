/** Large apps: layout off the main thread, closed functions, and a picture that is drawn only where it is seen. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generated } from "./fixtures-large.ts";
import { startHarness, type Harness, type Opened } from "./page.ts";

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Drags the picture to the left: what of it was changed meanwhile, apart from where it is. */
async function pan({ page }: Opened, distance: number): Promise<string[]> {
  await page.evaluate(() => {
    const scene = document.querySelector("svg.graph .scene");
    const touched: string[] = [];
    const note = (records: MutationRecord[]) => {
      for (const { target } of records)
        if (target instanceof Element && target !== scene) touched.push(target.outerHTML.slice(0, 80));
    };
    const observer = new MutationObserver(note);
    if (scene) observer.observe(scene, { attributes: true, childList: true, subtree: true });
    Reflect.set(globalThis, "touched", () => {
      note(observer.takeRecords());
      observer.disconnect();
      return touched;
    });
  });
  // On free ground: what the pointer hovers over is marked, which is a change.
  await page.evaluate(async (by) => {
    const svg = document.querySelector("svg.graph") as SVGSVGElement;
    const { width, height } = svg.getBoundingClientRect();
    const at = (target: EventTarget, type: string, x: number) =>
      target.dispatchEvent(
        new MouseEvent(type, { bubbles: true, view: window, clientX: x, clientY: height / 2, button: 0, buttons: 1 }),
      );
    at(svg, "mousedown", width / 2);
    for (let step = 1; step <= 10; step += 1) {
      at(window, "mousemove", width / 2 - (by * step) / 10);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    at(window, "mouseup", width / 2);
  }, distance);
  return page.evaluate(() => (Reflect.get(globalThis, "touched") as () => string[])());
}

/** Functions in sight that are not drawn, by where they are and not by what the page thinks. */
const missing = ({ page }: Opened): Promise<string[]> =>
  page.evaluate(() => {
    const svg = document.querySelector("svg.graph") as SVGSVGElement;
    const { left, top, right, bottom } = svg.getBoundingClientRect();
    const faults: string[] = [];
    for (const header of svg.querySelectorAll<SVGGElement>(".header")) {
      const at = header.getScreenCTM();
      const within = at && at.e > left && at.e < right && at.f > top && at.f < bottom;
      if (within && header.querySelector("rect")?.getClientRects().length !== 1) faults.push(header.dataset["function"] ?? "");
    }
    return faults;
  });

describe("1,000 tasks", () => {
  it("are laid out in a worker while the page answers, closed; only what is in sight is drawn, and all can be found and opened", async () => {
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

      // What makes a movement slow; how fast it is, the benchmark measures.
      expect(await page.locator(".box[data-out]").count()).toBeGreaterThan(300);
      expect(await missing(opened)).toEqual([]);
      expect(await pan(opened, 60)).toEqual([]);
      expect((await pan(opened, 700)).length).toBeGreaterThan(0);
      expect(await missing(opened)).toEqual([]);
      await expect.poll(() => page.evaluate(() => sessionStorage.getItem("state"))).toContain('"viewport"');

      // What is left out can be reached by the keyboard, and is drawn once it is.
      expect(await page.locator(".header[data-out]").first().getAttribute("aria-label")).toMatch(/^Function task/);
      await page.locator('.stop[tabindex="0"]').focus();
      await page.keyboard.press("End");
      await opened.drawn();
      await expect.poll(() => page.locator(".header:focus .title").isVisible()).toBe(true);
      expect(await missing(opened)).toEqual([]);

      // A picture saved from afar is the whole of it.
      for (let press = 0; press < 14; press += 1) await page.keyboard.press("-");
      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("menuitem", { name: "Save as SVG…" }).click();
      const { content } = await opened.until("export");
      const titles = await page.locator(".header").count();
      expect(content.match(/ · \d+ MB[^<]*<\/text>/g)?.length).toBe(titles);

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
