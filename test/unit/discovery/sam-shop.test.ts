/** The existing application of the samples is found completely: its functions, and each of their invocations. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadApp } from "../../../extension/application/app.ts";

it("finds functions, calls and what keeps them apart", async () => {
  const app = await loadApp(fileURLToPath(new URL("../../apps/sam-shop/", import.meta.url)));
  expect(app.graph.tasks.filter(({ entry }) => entry).map(({ name }) => name)).toEqual([
    "GetCatalog",
    "PlaceOrder",
    "NightlyReport",
  ]);
  expect(app.graph.tasks).toHaveLength(11);
  const calls = app.graph.calls.map(({ from, to, kind }) => `${from} ${kind === "sync" ? "->" : "~>"} ${to}`);
  expect(calls.sort()).toEqual([
    "GetCatalog -> PriceProduct",
    "NightlyReport -> Statistics",
    "PlaceOrder -> ChargeCard",
    "PlaceOrder -> CheckStock",
    "PlaceOrder -> PriceProduct",
    "PlaceOrder ~> Audit",
    "PlaceOrder ~> ReserveStock",
    "PlaceOrder ~> SendReceipt",
    "SendReceipt -> RenderReceipt",
  ]);
  expect(app.diagnostics.map(({ code }) => code)).toEqual(["kept-apart", "kept-apart"]);
  expect(app.graph.apart).toContainEqual({
    tasks: ["NightlyReport", "Statistics"],
    reason: "the environment variable FORMAT differs",
  });
});
