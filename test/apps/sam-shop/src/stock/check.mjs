import { available } from "./table.mjs";

export const handler = async ({ items }) => {
  const enough = await Promise.all(items.map(async ({ id, quantity }) => (await available(id)) >= quantity));
  return { missing: items.filter((_item, i) => !enough[i]).map(({ id }) => id) };
};
