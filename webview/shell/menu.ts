/** A menu that a button opens: arrow keys, Home, End, Escape, as menus in the editor. */
import { h } from "../dom.ts";
import { icon, type IconName } from "../icons.ts";

export type MenuItem = { label: string; checked?: boolean; disabled?: boolean; onPick: () => void } | { heading: string };

export function menuButton(options: { label: string; icon: IconName; items: () => MenuItem[] }): HTMLElement {
  const trigger = h(
    "button",
    {
      type: "button",
      class: "button quiet bare",
      "aria-label": options.label,
      title: options.label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    },
    icon(options.icon),
    icon("chevronDown"),
  );
  const list = h("div", { class: "menu", role: "menu", "aria-label": options.label, hidden: true });
  const element = h("div", { class: "menu-holder" }, trigger, list);
  const entries = () => [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')];

  function close(refocus: boolean): void {
    list.hidden = true;
    trigger.setAttribute("aria-expanded", "false");
    if (refocus) trigger.focus();
  }

  function open(): void {
    list.replaceChildren(
      ...options.items().map((item) =>
        "heading" in item
          ? h("div", { class: "menu-heading", role: "presentation" }, item.heading)
          : h(
              "div",
              {
                class: "menu-item",
                role: item.checked === undefined ? "menuitem" : "menuitemradio",
                tabindex: -1,
                "aria-checked": item.checked === undefined ? undefined : String(item.checked),
                "aria-disabled": item.disabled ? "true" : undefined,
                onclick: () => {
                  if (item.disabled) return;
                  close(true);
                  item.onPick();
                },
              },
              h("span", { class: "menu-check" }, item.checked ? icon("check") : undefined),
              item.label,
            ),
      ),
    );
    list.hidden = false;
    trigger.setAttribute("aria-expanded", "true");
    entries()[0]?.focus();
  }

  trigger.addEventListener("click", () => (list.hidden ? open() : close(true)));
  element.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) close(false);
  });
  list.addEventListener("keydown", (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[(to + all.length) % all.length]?.focus();
    else if (event.key === "Enter" || event.key === " ") all[at]?.click();
    else if (event.key === "Escape") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}
