/** What all parts of the page share: the host's last state, the view state, and what has happened live since. */
import type { Host } from "./host.ts";
import type { PanelState, SetupView, SuggestionView } from "./protocol.ts";
import type { ViewState } from "./view-state.ts";

export type Change = "model" | "view";

export interface Store {
  readonly host: Host;
  readonly model: PanelState | undefined;
  readonly view: ViewState;
  setModel(model: PanelState): void;
  patch(patch: Partial<ViewState>): void;
  /** Keeps where a person is looking for the next restart; nothing is drawn anew for it. */
  look(viewport: NonNullable<ViewState["viewport"]>): void;
  subscribe(listener: (change: Change) => void): void;
}

/** How long view state may change before it is handed over, ms: a drag should not send a message per frame. */
const SAVE_AFTER = 200;

export function createStore(host: Host, initial: ViewState): Store {
  let model: PanelState | undefined;
  let view = initial;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners: ((change: Change) => void)[] = [];
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    host.save(view);
  };
  window.addEventListener("pagehide", () => {
    if (timer !== undefined) save();
  });
  const change = (patch: Partial<ViewState>) => {
    view = { ...view, ...patch };
    timer ??= setTimeout(save, SAVE_AFTER);
  };
  return {
    host,
    get model() {
      return model;
    },
    get view() {
      return view;
    },
    setModel(next) {
      if (model && next.revision < model.revision && next.app === model.app) return;
      model = next;
      tell("model");
    },
    patch(patch) {
      change(patch);
      tell("view");
    },
    look: (viewport) => change({ viewport }),
    subscribe: (listener) => void listeners.push(listener),
  };
}

/** The setup that the current one is compared with: one picked in the front, else the suggested one. */
export function compared(store: Store): { setup: SetupView; suggestion?: SuggestionView } | undefined {
  const { model, view } = store;
  if (!model) return undefined;
  const picked = view.picked === undefined ? undefined : model.front.find((each) => each.setup.id === view.picked);
  const suggestion = model.suggestion;
  if (picked && picked.setup.id !== model.setup.id) {
    return { setup: picked.setup, ...(suggestion?.setup.id === picked.setup.id ? { suggestion } : {}) };
  }
  return suggestion && suggestion.setup.id !== model.setup.id ? { setup: suggestion.setup, suggestion } : undefined;
}
