import { expect, it } from "vitest";
import { discover } from "../../../extension/discovery/index.ts";
import { files, show } from "./workspace.ts";

/** A small shop, written with the habits that real code has. */
const SHOP = `=== src/index.ts
export * from "./checkout.js";
export { default as frontend } from "./frontend";
=== src/frontend.ts
import { task } from "fusionize";
import * as catalogue from "./catalogue/index.js";
import { placeOrder } from "./checkout.js";
import { inCurrency } from "./money";

const frontend = task("frontend", async (request: { user: string; buy?: boolean }) => {
  const products = await catalogue.listProducts(request.user);
  const shown = await Promise.all(products.map(async (p) => inCurrency(p.price)));
  if (request.buy) await placeOrder({ user: request.user, products });
  return shown;
});
export default frontend;
=== src/catalogue/index.ts
export { listProducts } from "./list";
=== src/catalogue/list.ts
import { task } from "fusionize";
export const listProducts = task("listProducts", async (user: string) => [{ price: user.length }]);
=== src/money.ts
import { task } from "fusionize";
export const convert = task("convert", async (price: number) => price * 1.1);
/** Not a task: its calls belong to whoever calls it. */
export const inCurrency = async (price: number) => (price > 0 ? await convert(price) : 0);
=== src/checkout.ts
import { task as define } from "fusionize";
import { inCurrency } from "./money";

const steps = { pay: define("pay", pay), ship: define("ship", async (order: Order) => order.user) };
interface Order { user: string; products: { price: number }[] }

export const placeOrder = define<Order, string>("placeOrder", async (order) => {
  await steps.pay(order);
  for (const later of [steps.ship, sendMail]) await later.async(order);
  track(order);
  return order.user;
});

async function pay(order: Order) {
  return await inCurrency(order.products.length);
}
const sendMail = define("sendMail", async (order: Order) => order.user);
const track = define("track", async (order: Order) => order.user);
`;

it("reads a workspace as a person does", () => {
  expect(`\n${show(discover(files(SHOP)))}\n`).toBe(`
  listProducts src/catalogue/list.ts:2:29 as listProducts
  pay src/checkout.ts:4:22
  ship src/checkout.ts:4:48
  placeOrder src/checkout.ts:7:27 as placeOrder
  sendMail src/checkout.ts:17:18
  track src/checkout.ts:18:15
* frontend src/frontend.ts:6:18 as default
  convert src/money.ts:2:24 as convert
  pay -> convert src/money.ts:4:71
  placeOrder -> pay src/checkout.ts:8:9
  placeOrder ~> sendMail src/checkout.ts:9:53
  placeOrder ~> ship src/checkout.ts:9:53
  placeOrder -> track src/checkout.ts:10:3
  frontend -> listProducts src/frontend.ts:7:26
  frontend -> placeOrder src/frontend.ts:9:26
  frontend -> convert src/money.ts:4:71
warning call-not-awaited src/checkout.ts:10:3 Nothing waits until the result is there: the function may end before the call of track is made. Await it, or return it.
`);
});
