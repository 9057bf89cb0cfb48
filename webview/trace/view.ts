import { h } from "../dom.ts";
import type { Store } from "../store.ts";
export const createTraceView = (_store: Store): HTMLElement => h("div", {});
