/** Pictures as plain data: drawn into the page, or written as a file by whoever has no page. */

export interface Shape {
  tag: string;
  attributes: Record<string, string | number | undefined>;
  children?: (Shape | string)[];
}

export const shape = (tag: string, attributes: Shape["attributes"], ...children: (Shape | string)[]): Shape => ({
  tag,
  attributes,
  children,
});

const NS = "http://www.w3.org/2000/svg";

export function toElement(each: Shape): SVGElement {
  const element = document.createElementNS(NS, each.tag);
  for (const [key, value] of Object.entries(each.attributes)) if (value !== undefined) element.setAttribute(key, String(value));
  element.append(...(each.children ?? []).map((child) => (typeof child === "string" ? child : toElement(child))));
  return element;
}

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? "");

export function toMarkup({ tag, attributes, children = [] }: Shape): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join("");
  const inside = children.map((child) => (typeof child === "string" ? escape(child) : toMarkup(child))).join("");
  return inside === "" ? `<${tag}${written}/>` : `<${tag}${written}>${inside}</${tag}>`;
}
