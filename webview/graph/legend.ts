/** What lines and marks mean; can be put away. */
import { button, h } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";

const NS = "http://www.w3.org/2000/svg";

function sample(className: string, head: string): SVGSVGElement {
  const svg = document.createElementNS(NS, "svg");
  for (const [key, value] of Object.entries({ width: "32", height: "10", class: "sample", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const line = document.createElementNS(NS, "g");
  line.setAttribute("class", `line ${className}`);
  const stroke = document.createElementNS(NS, "path");
  stroke.setAttribute("class", "stroke");
  stroke.setAttribute("d", "M0,5H25");
  stroke.setAttribute("stroke-width", className.includes("inlined") ? "1" : "2");
  if (className.includes("async")) stroke.setAttribute("stroke-dasharray", "6 4");
  const tip = document.createElementNS(NS, "path");
  tip.setAttribute("class", "head");
  tip.setAttribute("d", head);
  line.append(stroke, tip);
  svg.append(line);
  return svg;
}

const FILLED = "M31,5L24,1V9Z";
const OPEN = "M25,1L31,5L25,9";

export function legend(store: Store): { element: HTMLElement; update(): void } {
  const element = h("div", { class: "legend" });
  const entry = (mark: Node, text: string) => h("li", {}, mark, h("span", {}, text));
  const bar = (className: string) => h("span", { class: `swatch ${className}` });
  const toggle = () => store.patch({ legend: !store.view.legend });
  function update(): void {
    if (!store.view.legend) {
      element.replaceChildren(button({ label: t("Show Legend"), icon: "legend", bare: true, onPress: toggle }));
      return;
    }
    element.replaceChildren(
      h(
        "div",
        { class: "legend-open" },
        h(
          "ul",
          { "aria-label": t("Legend") },
          entry(sample("sync remote", FILLED), t("synchronous")),
          entry(sample("async remote", OPEN), t("asynchronous")),
          entry(sample("sync inlined", FILLED), t("inlined")),
          entry(sample("sync remote twice", FILLED), t("waits, paid twice")),
          entry(bar("cpu"), t("own CPU")),
          entry(bar("wait"), t("own waiting")),
          entry(icon("snowflake"), t("cold starts")),
        ),
        button({ label: t("Hide Legend"), icon: "close", bare: true, onPress: toggle }),
      ),
    );
  }
  update();
  return { element, update };
}
