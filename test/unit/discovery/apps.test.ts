import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { discover } from "../../../extension/discovery/index.ts";

/** The papers' applications: their tasks, and their calls (`->` synchronous, `~>` asynchronous). */
const APPS = {
  iot: {
    entries: ["analyzeSensor"],
    tasks: 10,
    calls: [
      "analyzeSensor -> checkSensor",
      "analyzeSensor -> storeEvent",
      "analyzeSensor ~> checkAir",
      "analyzeSensor ~> checkSound",
      "analyzeSensor ~> checkTemperature",
      "checkAir -> detectJam",
      "checkAir ~> actionSignage",
      "checkSound -> soundAccident",
      "checkSound -> soundTooLoud",
      "checkTemperature ~> actionSignage",
    ],
  },
  tree: { entries: ["A"], tasks: 7, calls: ["A -> B", "A ~> C", "B -> D", "C ~> F", "C ~> G", "D -> E"] },
  web: {
    entries: ["frontend", "getProduct", "payment", "searchProducts"],
    tasks: 17,
    calls: [
      "addCartItem ~> cartKvStorage",
      "checkout -> currency",
      "checkout -> getCart",
      "checkout -> listProducts",
      "checkout -> shipmentQuote",
      "checkout ~> email",
      "checkout ~> emptyCart",
      "checkout ~> shipOrder",
      "emptyCart ~> cartKvStorage",
      "frontend -> currency",
      "frontend -> getAds",
      "frontend -> getCart",
      "frontend -> listProducts",
      "frontend -> listRecommendations",
      "frontend -> shipmentQuote",
      "frontend -> supportedCurrencies",
      "frontend ~> addCartItem",
      "frontend ~> checkout",
      "frontend ~> emptyCart",
      "getCart -> cartKvStorage",
      "getProduct -> listProducts",
      "listRecommendations -> listProducts",
      "searchProducts -> listProducts",
    ],
  },
};

describe.each(Object.entries(APPS))("the app %s", (app, expected) => {
  const folder = new URL(`../../apps/${app}/`, import.meta.url);
  it.skipIf(!existsSync(folder))("is found exactly, with nothing to complain about", () => {
    const paths = globSync("src/**/*.ts", { cwd: folder }).map((path) => path.replaceAll("\\", "/"));
    const graph = discover(paths.map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") })));
    const title = (name: string) => (app === "tree" ? name.replace(/^task/i, "").toUpperCase() : name);
    const calls = graph.calls.map((c) => `${title(c.from)} ${c.kind === "sync" ? "->" : "~>"} ${title(c.to)}`);
    expect(graph.diagnostics).toEqual([]);
    expect(graph.tasks).toHaveLength(expected.tasks);
    expect(graph.tasks.filter((t) => t.entry).map((t) => title(t.name))).toEqual(expected.entries);
    expect([...new Set(calls)].sort()).toEqual(expected.calls);
    for (const task of graph.tasks) expect(task.exportName).toBeTruthy();
  });
});
