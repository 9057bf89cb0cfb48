import { reserve } from "./table.mjs";

export async function handler({ order, items }) {
  for (const { id, quantity } of items) await reserve(id, order, quantity);
}
