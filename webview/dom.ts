/** Building elements. Text only ever becomes a text node: data cannot turn into markup. */
import { icon, type IconName } from "./icons.ts";

type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** `onclick`-like attributes are listeners; `true` sets an empty attribute, `false` and `undefined` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((each) => each !== undefined));
  return element;
}

export interface ButtonOptions {
  label: string;
  icon?: IconName;
  /** Icon alone; the label is its name and tooltip. */
  bare?: boolean;
  kind?: "primary" | "secondary" | "quiet";
  title?: string;
  disabled?: boolean;
  pressed?: boolean;
  onPress: (event: Event) => void;
}

export function button(options: ButtonOptions): HTMLButtonElement {
  const { label, bare = false, kind = "quiet" } = options;
  return h(
    "button",
    {
      type: "button",
      class: `button ${kind}${bare ? " bare" : ""}`,
      "aria-label": bare ? label : undefined,
      title: options.title ?? (bare ? label : undefined),
      disabled: options.disabled ?? false,
      "aria-pressed": options.pressed === undefined ? undefined : String(options.pressed),
      onclick: options.onPress,
    },
    options.icon ? icon(options.icon) : undefined,
    bare ? undefined : h("span", {}, label),
  );
}

/** Replaces all children, keeping the focus on the control with the same `data-key` where one had it. */
export function refill(parent: Element, ...children: (Node | string | undefined)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset["key"] : undefined;
  parent.replaceChildren(...children.filter((each) => each !== undefined));
  if (key !== undefined) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export const reducedMotion = (): boolean =>
  document.body.classList.contains("vscode-reduce-motion") || matchMedia("(prefers-reduced-motion: reduce)").matches;
