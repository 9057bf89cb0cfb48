import { h } from "../dom.ts";
import type { Store } from "../store.ts";
export const createFrontView = (_store: Store): HTMLElement => h("div", {});
