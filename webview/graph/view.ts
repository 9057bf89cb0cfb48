/** The graph tab: lays out, draws, and lets a person move around in it. */
import { h } from "../dom.ts";
import { compared, type Store } from "../store.ts";
import { t } from "../words.ts";
import type { Selection } from "../view-state.ts";
import { createCamera, type Camera, type Extent, type Viewport } from "./camera.ts";
import { createDetails } from "./details.ts";
import { drawPicture, type Layers, layersIn, motion } from "./draw.ts";
import type { LayoutEngine } from "./elk.ts";
import { emptyState } from "./empty.ts";
import { filtered } from "./filter.ts";
import { highlight, markCursor } from "./highlight.ts";
import { onPicture } from "./interaction.ts";
import { arrange, type Arrangement } from "./layout.ts";
import { legend } from "./legend.ts";
import { createLive, type Live } from "./live.ts";
import type { Measure } from "./measure.ts";
import { createMinimap } from "./minimap.ts";
import { joinPicture, type Picture } from "./picture.ts";
import type { Side } from "./refinement.ts";
import { buildScene, type Scene } from "./scene.ts";
import { createSight } from "./sight.ts";
import { textWidth } from "./text-width.ts";

/** From this many tasks on functions start closed, MB-sized apps stay readable. */
export const COLLAPSE_ABOVE = 150;

/** What a fit leaves free at the bottom for the legend, px. */
const LEGEND_HEIGHT = 32;

export interface GraphView {
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly camera: Camera;
  readonly live: Live;
  readonly picture: Picture | undefined;
  readonly extent: Extent;
  /** Does something with the SVG while all of it is drawn, whatever is in sight and however small it is shown. */
  inFull<T>(body: () => T): T;
  fit(): void;
  focus(): void;
  /** Marks the task that the editor's cursor is in; the view stays where it is. */
  cursor(task: string | undefined): void;
  /** Selects a task and brings it into sight. */
  reveal(task: string): void;
  toggle(root: string): void;
}

export function createGraphView(store: Store, engine: Promise<LayoutEngine>): GraphView {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "graph");
  svg.setAttribute("role", "group");
  const canvas = h("div", { class: "canvas" });
  const overlay = h("div", { class: "overlay", hidden: true });
  const busy = h("div", { class: "progress", role: "progressbar", "aria-label": t("Laying out the call graph"), hidden: true });
  canvas.append(svg, overlay, busy);
  const element = h("div", { class: "graph-view" }, canvas);

  const layers: Layers = layersIn(svg);
  const measure: Measure = textWidth();
  let scene: Scene | undefined;
  let picture: Picture | undefined;
  let arrangement: Arrangement | undefined;
  let drawnSignature = "";
  let hovered: string | undefined;
  let focused: string | undefined;
  let cursor: string | undefined;
  let turn = 0;
  let told = false;
  let placed = store.view.viewport !== undefined;

  const details = createDetails(store, { reveal: (task) => view.reveal(task), select: choose });
  const camera = createCamera(svg, moved, () => ({
    width: canvas.clientWidth,
    height: canvas.clientHeight - (store.view.legend ? LEGEND_HEIGHT : 0),
  }));
  const room = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  const minimap = createMinimap(camera, room);
  const sight = createSight(layers);
  const live = createLive(layers, () => picture);
  const key = legend(store);
  canvas.append(h("div", { class: "corner" }, key.element, minimap.element));
  element.append(details.element);

  function side(): Side {
    return scene && scene.sides.length > 1 ? store.view.side : "before";
  }

  function moved(viewport: Viewport, byPerson: boolean): void {
    layers.root.attr("transform", `translate(${viewport.x},${viewport.y}) scale(${viewport.k})`);
    look(viewport);
    if (byPerson) {
      placed = true;
      store.look({ k: viewport.k, x: viewport.x, y: viewport.y });
    }
  }

  function look(viewport: Viewport): void {
    svg.classList.toggle("far", viewport.k < 0.5);
    svg.classList.toggle("very-far", viewport.k < 0.22);
    sight.update(picture, viewport, room());
    minimap.update(picture, viewport);
  }

  function choose(selection: Selection | undefined): void {
    store.patch({ selection });
  }

  function collapsed(root: string): boolean {
    const byDefault = (store.model?.tasks.length ?? 0) > COLLAPSE_ABOVE;
    return store.view.toggled.includes(root) !== byDefault;
  }

  function update(): void {
    const { model, view: state } = store;
    const empty = emptyState(store);
    overlay.hidden = empty === undefined;
    overlay.replaceChildren(...(empty ? [empty] : []));
    svg.toggleAttribute("hidden", empty !== undefined);
    key.element.hidden = empty !== undefined;
    details.update(undefined, "before");
    minimap.element.toggleAttribute("hidden", true);
    if (!model || empty) {
      // What was drawn belongs to a state that is gone.
      turn += 1;
      busy.hidden = true;
      delete svg.dataset["pending"];
      scene = undefined;
      picture = undefined;
      drawnSignature = "";
      return;
    }
    const other = state.view === "task" ? compared(store) : undefined;
    const group = model.setup.functions.find((each) => each.root === state.group)?.tasks;
    const visible = filtered(model, state.entry, state.depth, group);
    const deployed = state.view === "deployment" && state.side === "after" ? compared(store)?.setup : undefined;
    const next = buildScene({
      ...visible,
      before: deployed ?? model.setup,
      ...(other ? { after: other.setup } : {}),
      view: state.view,
      collapsed,
      measure,
    });
    scene = next;
    svg.setAttribute(
      "aria-label",
      t(
        "Call graph of {0}: {1} tasks, {2} functions. Arrow keys move along calls, Enter opens the source.",
        model.app || t("the app"),
        visible.tasks.length,
        next.homes[side()].functions.size,
      ),
    );
    if (next.signature === drawnSignature && arrangement) {
      draw(next, arrangement, true);
      return;
    }
    void layOut(next);
  }

  async function layOut(next: Scene): Promise<void> {
    const mine = ++turn;
    svg.dataset["pending"] = "true";
    const slow = setTimeout(() => {
      busy.hidden = false;
    }, 150);
    try {
      const found = await arrange(next, await engine);
      if (mine !== turn) return;
      const first = drawnSignature === "";
      arrangement = found;
      drawnSignature = next.signature;
      // Numbers may have changed meanwhile; geometry has not, else another turn would be under way.
      draw(scene && scene.signature === next.signature ? scene : next, found, !first);
      if (!placed || !inSight()) camera.fit(extent(), !first, start());
      else if (first && store.view.viewport) camera.set(store.view.viewport);
      svg.dataset["layout"] = (await engine).where;
      tellDrawn();
    } catch (error) {
      if (mine === turn) showFailure(error);
    } finally {
      clearTimeout(slow);
      if (mine === turn) {
        busy.hidden = true;
        delete svg.dataset["pending"];
      }
    }
  }

  /** After the next frame what is drawn now is on the screen. */
  function tellDrawn(): void {
    if (told) return;
    told = true;
    requestAnimationFrame(() => setTimeout(() => store.host.post({ type: "drawn" })));
  }

  function showFailure(error: unknown): void {
    console.error(error);
    overlay.hidden = false;
    overlay.replaceChildren(
      h(
        "div",
        { class: "empty", role: "alert" },
        h("p", {}, t("The call graph could not be laid out. Close the panel and open it again; the log names the cause.")),
      ),
    );
  }

  function draw(next: Scene, found: Arrangement, animate: boolean): void {
    picture = joinPicture(next, found);
    const comparing = next.sides.length > 1;
    drawPicture(layers, {
      scene: next,
      picture,
      side: side(),
      comparing,
      colour: store.view.colour,
      measure,
      duration: motion(animate),
    });
    svg.dataset["side"] = side();
    svg.classList.toggle("comparing", comparing);
    live.redraw();
    mark();
    details.update({ scene: next, picture, measure }, side());
    look(camera.viewport);
    interaction.focusable(focused);
  }

  function mark(): void {
    if (picture) highlight(layers, picture, side(), store.view.selection, hovered, measure);
    markCursor(layers, scene?.homes[side()].home(cursor ?? ""), cursor);
  }

  function extent(): Extent {
    return { x: 0, y: 0, width: picture?.width ?? 0, height: picture?.height ?? 0 };
  }

  /** Where reading begins: the entry that reaches most. */
  function start(): Extent | undefined {
    const model = store.model;
    if (!model || !scene || !picture) return undefined;
    const reach = (name: string) => filtered(model, name, undefined).tasks.length;
    const entries = model.tasks.filter((task) => task.entry).slice(0, 50);
    const entry = entries.map((task) => ({ name: task.name, size: reach(task.name) })).sort((a, b) => b.size - a.size)[0]?.name;
    if (entry === undefined) return undefined;
    const home = scene.homes[side()].home(entry);
    return picture.rows.find((row) => row.task.name === entry) ?? picture.boxes.find((box) => box.root === home)?.rects[side()];
  }

  function inSight(): boolean {
    const { k, x, y } = store.view.viewport ?? camera.viewport;
    return (
      x + (picture?.width ?? 0) * k > 40 &&
      y + (picture?.height ?? 0) * k > 40 &&
      x < canvas.clientWidth - 40 &&
      y < canvas.clientHeight - 40
    );
  }

  const interaction = onPicture(svg, {
    picture: () => picture,
    side,
    select: choose,
    hover(line) {
      if (line === hovered) return;
      hovered = line;
      mark();
    },
    focus(stop) {
      focused = stop;
    },
    open: (task) => store.host.post({ type: "openSource", file: task.file, line: task.line }),
    toggle: (root) => view.toggle(root),
    show: (box) => camera.show(box),
    pan: (dx, dy) => camera.panBy(dx, dy),
  });

  new ResizeObserver(() => {
    if (picture && !placed) camera.fit(extent(), false, start());
    else look(camera.viewport);
  }).observe(canvas);

  const structural = watch(store);
  store.subscribe((change) => {
    if (structural() || change === "model") update();
    else {
      mark();
      if (scene && picture) details.update({ scene, picture, measure }, side());
      key.update();
    }
  });

  const view: GraphView = {
    element,
    svg,
    camera,
    live,
    get picture() {
      return picture;
    },
    get extent() {
      return extent();
    },
    inFull(body) {
      sight.all();
      svg.classList.remove("far", "very-far");
      try {
        return body();
      } finally {
        look(camera.viewport);
      }
    },
    fit() {
      placed = false;
      camera.fit(extent(), true);
      store.patch({ viewport: undefined });
    },
    focus: () => interaction.enter(focused),
    cursor(task) {
      cursor = task;
      mark();
    },
    reveal(task) {
      choose({ kind: "task", id: task });
      const row = picture?.rows.find((each) => each.task.name === task);
      const box = row ?? picture?.boxes.find((each) => each.root === scene?.homes[side()].home(task))?.rects[side()];
      if (box) camera.show(box);
    },
    toggle(root) {
      const { toggled } = store.view;
      store.patch({ toggled: toggled.includes(root) ? toggled.filter((each) => each !== root) : [...toggled, root] });
    },
  };
  update();
  return view;
}

/** Tells at each call whether what decides the drawing has changed since the last one, apart from viewport and selection. */
function watch(store: Store): () => boolean {
  const look = () => {
    const { side, view, toggled, colour, entry, depth, group, picked } = store.view;
    return JSON.stringify([side, view, toggled, colour, entry, depth, group, picked]);
  };
  let last = look();
  return () => {
    const now = look();
    const changed = now !== last;
    last = now;
    return changed;
  };
}
