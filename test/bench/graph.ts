import type { Page } from "playwright-core";
import { generated } from "../webview/fixtures-large.ts";
import { type Harness, startHarness } from "../webview/page.ts";
import { defineBench, type Peer } from "./bench.ts";

/** Frames of one pan: 60 steps of 8 px. */
const STEPS = 60;

/** ms per frame while a person drags the graph: mean, and the worst. */
async function pan(page: Page): Promise<{ mean: number; worst: number }> {
  return page.evaluate(async (steps) => {
    const svg = document.querySelector("svg.graph") as SVGSVGElement;
    const { width, height } = svg.getBoundingClientRect();
    const at = (target: EventTarget, type: string, x: number) =>
      target.dispatchEvent(
        new MouseEvent(type, { bubbles: true, view: window, clientX: x, clientY: height / 2, button: 0, buttons: 1 }),
      );
    at(svg, "mousedown", width / 2);
    const frames: number[] = [];
    let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let step = 1; step <= steps; step += 1) {
      at(window, "mousemove", width / 2 + step * 8);
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames.push(now - last);
      last = now;
    }
    at(window, "mouseup", width / 2);
    return { mean: frames.reduce((sum, each) => sum + each, 0) / steps, worst: Math.max(...frames) };
  }, STEPS);
}

/** Mean ms per frame while a person turns the wheel, out to about a third and back in. */
async function zoom(page: Page): Promise<number> {
  return page.evaluate(async (steps) => {
    const svg = document.querySelector("svg.graph") as SVGSVGElement;
    const { width, height } = svg.getBoundingClientRect();
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const began = await frame();
    let last = began;
    for (let step = 1; step <= steps; step += 1) {
      const [clientX, clientY, deltaY] = [width / 2, height / 2, step <= steps / 2 ? 25 : -25];
      svg.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, view: window, clientX, clientY, deltaY }));
      last = await frame();
    }
    return (last - began) / steps;
  }, STEPS);
}

function tasks(count: number): Peer {
  let harness: Harness;
  return {
    name: `${count} tasks`,
    async setup() {
      harness = await startHarness();
    },
    async run() {
      const opened = await harness.open({ theme: "Dark Modern", width: 1600, height: 1000 });
      try {
        // How long the page cannot answer while the layout is made in its worker.
        await opened.page.evaluate(() => {
          const blocked = { longest: 0 };
          Reflect.set(globalThis, "blocked", blocked);
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) blocked.longest = Math.max(blocked.longest, duration);
          }).observe({ entryTypes: ["longtask"] });
        });
        const began = performance.now();
        await opened.show(generated(count, { grouped: true }));
        const drawn = performance.now() - began;
        const longest = await opened.page.evaluate(() => (Reflect.get(globalThis, "blocked") as { longest: number }).longest);
        const { mean, worst } = await pan(opened.page);
        const zooming = await zoom(opened.page);
        await opened.page.evaluate(() => {
          for (let press = 0; press < 14; press += 1) window.dispatchEvent(new KeyboardEvent("keydown", { key: "-" }));
        });
        await opened.drawn();
        const far = await pan(opened.page);
        return {
          drawn,
          "longest block": longest,
          "frames while panning": 1000 / mean,
          "worst frame": worst,
          "frames while zooming": 1000 / zooming,
          "frames while panning from afar": 1000 / far.mean,
        };
      } finally {
        await opened.page.context().close();
      }
    },
    teardown: () => harness.close(),
  };
}

export const bench = defineBench({
  name: "graph",
  description:
    "Generated apps in the panel, in headless Chromium without a graphics processor, 1600 × 1000: from the state's message to the drawn graph (layout in a worker; from 150 tasks on functions start closed), the longest time the page could not answer meanwhile, and frames while panning and zooming where names can be read, and while panning with as much in sight as possible.",
  metrics: [
    { name: "drawn", unit: "ms", better: "lower" },
    { name: "longest block", unit: "ms", better: "lower" },
    { name: "frames while panning", unit: "1/s", better: "higher" },
    { name: "worst frame", unit: "ms", better: "lower" },
    { name: "frames while zooming", unit: "1/s", better: "higher" },
    { name: "frames while panning from afar", unit: "1/s", better: "higher" },
  ],
  peers: [10, 60, 300, 1_000].map(tasks),
  rounds: 3,
  goals: [
    { peer: "1000 tasks", metric: "frames while panning", atLeast: 30 },
    { peer: "1000 tasks", metric: "frames while zooming", atLeast: 30 },
    { peer: "1000 tasks", metric: "frames while panning from afar", atLeast: 30 },
  ],
});
