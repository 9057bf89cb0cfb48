/** States of applications with many tasks: the web shop of the papers, and generated ones. */
import type { CallView, FunctionView, PanelState } from "../../webview/protocol.ts";
import { call, fn, setup, state, task } from "./fixtures.ts";

/** The web shop: 17 tasks, many calls into a few. */
export function web(): PanelState {
  const names = [
    "frontend",
    "supportedcurrencies",
    "listproducts",
    "currency",
    "getads",
    "getcart",
    "listrecommendations",
    "shipmentquote",
    "checkout",
    "addcartitem",
    "emptycart",
    "cartkvstorage",
    "shiporder",
    "email",
    "payment",
    "getproduct",
    "searchproducts",
  ];
  const calls: [string, string, CallView["kind"], number][] = [
    ["frontend", "supportedcurrencies", "sync", 1],
    ["frontend", "listproducts", "sync", 1],
    ["frontend", "currency", "sync", 11],
    ["frontend", "getads", "sync", 1],
    ["frontend", "getcart", "sync", 1],
    ["frontend", "listrecommendations", "sync", 1],
    ["frontend", "shipmentquote", "sync", 0.2],
    ["frontend", "checkout", "async", 0.1],
    ["frontend", "addcartitem", "async", 0.3],
    ["frontend", "emptycart", "async", 0.05],
    ["addcartitem", "cartkvstorage", "async", 0.3],
    ["getcart", "cartkvstorage", "sync", 1],
    ["emptycart", "cartkvstorage", "async", 0.1],
    ["checkout", "getcart", "sync", 0.1],
    ["checkout", "listproducts", "sync", 0.1],
    ["checkout", "currency", "sync", 0.3],
    ["checkout", "shipmentquote", "sync", 0.1],
    ["checkout", "shiporder", "async", 0.1],
    ["checkout", "email", "async", 0.1],
    ["checkout", "emptycart", "async", 0.1],
    ["listrecommendations", "listproducts", "sync", 1],
    ["getproduct", "listproducts", "sync", 0],
    ["searchproducts", "listproducts", "sync", 0],
  ];
  const called = new Set(calls.map(([, to]) => to));
  return state(
    names.map((name, index) =>
      task(name, {
        entry: !called.has(name),
        ownCpuMs: 2 + ((index * 7) % 23),
        ownWaitMs: (index * 5) % 31,
        p50Ms: 20 + index * 3,
        samples: 300,
      }),
    ),
    calls.map(([from, to, kind, perRequest]) =>
      call(from, to, kind, { perRequest, hopMs: 12, ...(kind === "sync" ? { doubleBilledPerMillion: perRequest * 0.4 } : {}) }),
    ),
    setup(
      "base",
      names.map((name, index) =>
        fn(name, 128, {
          p50Ms: 20 + index * 3,
          costPerMillion: 0.4 + index * 0.1,
          costShare: 0.02 + (index % 5) * 0.04,
          coldShare: 0.03,
        }),
      ),
      { latencyP50Ms: 812, costPerMillion: 31.4 },
    ),
    { app: "web" },
  );
}

/** A generated app: a call tree with some cross calls, fused in small groups. */
export function generated(count: number, { grouped = false, prefix = "task" } = {}): PanelState {
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const calls: CallView[] = [];
  names.forEach((name, index) => {
    if (index === 0) return;
    const parent = names[Math.floor(index / 3)] ?? "";
    if (index % 40 !== 0)
      calls.push(
        call(parent === name ? (names[0] ?? "") : parent, name, random() < 0.5 ? "sync" : "async", {
          perRequest: 1 + Math.floor(random() * 3),
          hopMs: 10 + random() * 8,
        }),
      );
    if (random() < 0.15)
      calls.push(
        call(name, names[Math.min(count - 1, index + 1 + Math.floor(random() * 20))] ?? name, random() < 0.5 ? "sync" : "async", {
          perRequest: 1,
        }),
      );
  });
  const called = new Set(calls.map((each) => each.to));
  const functions: FunctionView[] = [];
  if (grouped) {
    const taken = new Set<string>();
    for (const name of names) {
      if (taken.has(name)) continue;
      const inline = calls
        .filter((each) => each.from === name && each.kind === "sync" && !taken.has(each.to) && each.to !== name)
        .map((each) => each.to);
      for (const each of [name, ...inline]) taken.add(each);
      functions.push(
        fn(name, 512, { inline, p50Ms: 40 + random() * 100, costPerMillion: random() * 2, costShare: random() * 0.1 }),
      );
    }
  } else for (const name of names) functions.push(fn(name, 128));
  return state(
    names.map((name) =>
      task(name, {
        entry: !called.has(name),
        ownCpuMs: random() * 40,
        ownWaitMs: random() * 40,
        p50Ms: 20 + random() * 90,
        samples: 50,
      }),
    ),
    calls,
    setup("generated", functions),
    { app: `generated-${count}` },
  );
}
