/** What a person sees of the graph, read from the page. */
import type { Opened } from "./page.ts";

/** Where every task and every function's title stands on the screen. */
export const positions = ({ page }: Opened) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<SVGGElement>("svg.graph .row")].map((row) => {
        const { x, y, width, height } = (row.querySelector(".body") ?? row).getBoundingClientRect();
        return [row.dataset["task"], [x, y, width, height].map(Math.round)];
      }),
    ),
  );

/** How many functions have an outline that is seen. */
export const outlines = ({ page }: Opened) =>
  page.evaluate(
    () => [...document.querySelectorAll("svg.graph .box .outline")].filter((each) => each.getAttribute("opacity") !== "0").length,
  );

export const selectedTask = ({ page }: Opened) => page.locator(".row.selected").getAttribute("data-task");
