/** Codicons as paths: they take the text's colour, work inside exported pictures, and need no font. */
import play from "@vscode/codicons/src/icons/play.svg";
import stop from "@vscode/codicons/src/icons/debug-stop.svg";
import lightbulb from "@vscode/codicons/src/icons/lightbulb.svg";
import pulse from "@vscode/codicons/src/icons/pulse.svg";
import search from "@vscode/codicons/src/icons/search.svg";
import zoomIn from "@vscode/codicons/src/icons/zoom-in.svg";
import zoomOut from "@vscode/codicons/src/icons/zoom-out.svg";
import fit from "@vscode/codicons/src/icons/screen-full.svg";
import share from "@vscode/codicons/src/icons/export.svg";
import lock from "@vscode/codicons/src/icons/lock.svg";
import check from "@vscode/codicons/src/icons/check.svg";
import close from "@vscode/codicons/src/icons/close.svg";
import goToFile from "@vscode/codicons/src/icons/go-to-file.svg";
import chevronDown from "@vscode/codicons/src/icons/chevron-down.svg";
import chevronRight from "@vscode/codicons/src/icons/chevron-right.svg";
import entry from "@vscode/codicons/src/icons/symbol-event.svg";
import task from "@vscode/codicons/src/icons/symbol-method.svg";
import warning from "@vscode/codicons/src/icons/warning.svg";
import error from "@vscode/codicons/src/icons/error.svg";
import info from "@vscode/codicons/src/icons/info.svg";
import settings from "@vscode/codicons/src/icons/settings.svg";
import target from "@vscode/codicons/src/icons/target.svg";
import copy from "@vscode/codicons/src/icons/copy.svg";
import loading from "@vscode/codicons/src/icons/loading.svg";
import arrowRight from "@vscode/codicons/src/icons/arrow-right.svg";
import graph from "@vscode/codicons/src/icons/type-hierarchy.svg";
import front from "@vscode/codicons/src/icons/graph-scatter.svg";
import trace from "@vscode/codicons/src/icons/list-tree.svg";
import invoke from "@vscode/codicons/src/icons/run-all.svg";
import clone from "@vscode/codicons/src/icons/copy.svg";
import legend from "@vscode/codicons/src/icons/map.svg";
import output from "@vscode/codicons/src/icons/output.svg";

const SOURCES = {
  play,
  stop,
  lightbulb,
  pulse,
  search,
  zoomIn,
  zoomOut,
  fit,
  share,
  lock,
  check,
  close,
  goToFile,
  chevronDown,
  chevronRight,
  entry,
  task,
  warning,
  error,
  info,
  settings,
  target,
  copy,
  loading,
  arrowRight,
  graph,
  front,
  trace,
  invoke,
  clone,
  legend,
  output,
};

export type IconName = keyof typeof SOURCES | "snowflake";

/** Codicons have no snowflake: three strokes with barbs, on the same 16 px grid. */
const SNOWFLAKE =
  "M7.5 1h1v2.3l1.2-1.2.7.7L8.5 4.7v2.43l2.1-1.21.7-2.6.97.26-.44 1.64 2-1.15.5.86-2 1.16 1.64.44-.26.96-2.6-.69L9 8l2.11 1.2 2.6-.69.26.96-1.64.44 2 1.16-.5.86-2-1.15.44 1.64-.97.26-.7-2.6-2.1-1.21v2.43l1.9 1.9-.7.7-1.2-1.2V15h-1v-2.3l-1.2 1.2-.7-.7 1.9-1.9V8.87l-2.1 1.21-.7 2.6-.97-.26.44-1.64-2 1.15-.5-.86 2-1.16-1.64-.44.26-.96 2.6.69L7 8 4.89 6.8l-2.6.69-.26-.96 1.64-.44-2-1.16.5-.86 2 1.15-.44-1.64.97-.26.7 2.6 2.1 1.21V4.7L5.6 2.8l.7-.7 1.2 1.2z";

const paths = new Map<IconName, string>([["snowflake", SNOWFLAKE]]);

/** Path data on a 16 × 16 grid. */
export function iconPath(name: IconName): string {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const source = name === "snowflake" ? "" : SOURCES[name];
  const path = [...source.matchAll(/\sd="([^"]+)"/g)].map((match) => match[1]).join(" ");
  paths.set(name, path);
  return path;
}

/** An icon for HTML; decorative, so whatever holds it must have a name of its own. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({
    class: `icon icon-${name}`,
    viewBox: "0 0 16 16",
    width: "16",
    height: "16",
    "aria-hidden": "true",
  })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", iconPath(name));
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
