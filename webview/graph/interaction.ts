/** Pointer and keyboard on the picture. One stop is in the tab order; arrow keys move it. */
import type { TaskView } from "../protocol.ts";
import type { Selection } from "../view-state.ts";
import { nextStop, stops } from "./navigate.ts";
import type { Picture } from "./picture.ts";
import type { Side } from "./refinement.ts";
import type { Rect } from "./stack.ts";

export interface Actions {
  picture(): Picture | undefined;
  side(): Side;
  select(selection: Selection | undefined): void;
  hover(line: string | undefined): void;
  focus(stop: string): void;
  open(task: TaskView): void;
  toggle(root: string): void;
  show(box: Rect): void;
  pan(dx: number, dy: number): void;
}

export interface Interaction {
  /** Puts one stop into the tab order: the last focused one, else the first. */
  focusable(key: string | undefined): void;
  enter(key: string | undefined): void;
}

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

export function onPicture(svg: SVGSVGElement, actions: Actions): Interaction {
  const find = (key: string) => svg.querySelector<SVGGElement>(`[data-key="${CSS.escape(key)}"]`);
  const keyOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<SVGGElement>(".stop")?.dataset["key"] : undefined;

  function rectOf(key: string): Rect | undefined {
    const picture = actions.picture();
    const id = key.slice(4);
    return key.startsWith("row ")
      ? picture?.rows.find((each) => each.id === id)
      : picture?.boxes.find((each) => each.id === id)?.rects[actions.side()];
  }

  function taskOf(key: string): TaskView | undefined {
    const picture = actions.picture();
    const id = key.slice(4);
    if (key.startsWith("row ")) return picture?.rows.find((each) => each.id === id)?.task;
    const root = picture?.boxes.find((each) => each.id === id)?.root;
    return picture?.rows.find((each) => each.task.name === root)?.task;
  }

  function selectionOf(key: string): Selection | undefined {
    const id = key.slice(4);
    if (key.startsWith("row ")) return { kind: "task", id };
    const root = actions.picture()?.boxes.find((each) => each.id === id)?.root;
    return root === undefined ? undefined : { kind: "function", id: root };
  }

  function move(key: string): void {
    focusable(key);
    find(key)?.focus({ preventScroll: true });
    const rect = rectOf(key);
    if (rect) actions.show(rect);
  }

  function focusable(key: string | undefined): void {
    for (const each of svg.querySelectorAll(".stop")) each.setAttribute("tabindex", "-1");
    const picture = actions.picture();
    const wanted = key !== undefined ? find(key) : null;
    const first = picture ? stops(picture, actions.side())[0]?.key : undefined;
    const target = wanted ?? (first !== undefined ? find(first) : null);
    target?.setAttribute("tabindex", "0");
  }

  svg.addEventListener("click", (event) => {
    const key = keyOf(event.target);
    if (key !== undefined) {
      actions.select(selectionOf(key));
      return;
    }
    if (!(event.target instanceof Element)) return;
    const clone = event.target.closest<SVGGElement>(".clone")?.dataset["task"];
    const line = event.target.closest<SVGGElement>(".line")?.dataset["line"];
    if (clone !== undefined) actions.select({ kind: "task", id: clone });
    else actions.select(line === undefined ? undefined : { kind: "call", id: line });
  });
  svg.addEventListener("dblclick", (event) => {
    const key = keyOf(event.target);
    if (key === undefined) return;
    const task = taskOf(key);
    if (key.startsWith("box ")) actions.toggle(selectionOf(key)?.id ?? "");
    else if (task) actions.open(task);
  });
  svg.addEventListener("pointerover", (event) => {
    const line = event.target instanceof Element ? event.target.closest<SVGGElement>(".line")?.dataset["line"] : undefined;
    actions.hover(line);
  });
  svg.addEventListener("pointerleave", () => actions.hover(undefined));
  // On the parent: Chromium puts an SVG that listens for focus into the tab order itself.
  svg.parentElement?.addEventListener("focusin", (event) => {
    const key = keyOf(event.target);
    if (key !== undefined) actions.focus(key);
  });
  svg.addEventListener("keydown", (event) => {
    const key = keyOf(event.target);
    const picture = actions.picture();
    if (key === undefined || !picture || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS.includes(event.key)) {
      const next = nextStop(picture, actions.side(), key, event.key);
      if (next !== undefined) move(next);
    } else if (event.key === "Enter") {
      const task = taskOf(key);
      if (task) actions.open(task);
    } else if (event.key === " ") actions.select(selectionOf(key));
    else if (event.key === "Escape") actions.select(undefined);
    else if (event.key === "c" && key.startsWith("box ")) actions.toggle(selectionOf(key)?.id ?? "");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    focusable,
    enter(key) {
      focusable(key);
      svg.querySelector<SVGGElement>('.stop[tabindex="0"]')?.focus({ preventScroll: true });
    },
  };
}
