import { task } from "fusionize";
import { effect } from "./effects.ts";

export const factorial = task("factorial", async (n: number): Promise<number> => (n <= 1 ? 1 : n * (await factorial(n - 1))));

export const isEven = task("isEven", async (n: number): Promise<boolean> => (n === 0 ? true : await isOdd(n - 1)));

export const isOdd = task("isOdd", async (n: number): Promise<boolean> => (n === 0 ? false : await isEven(n - 1)));

/** Calls itself asynchronously until it is done. */
export const countdown = task("countdown", async (n: number): Promise<void> => {
  await effect(`countdown ${n}`);
  if (n > 0) await countdown.async(n - 1);
});

/** Entry. */
export const recursion = task("recursion", async () => {
  await countdown.async(3);
  return { factorial: await factorial(6), even: await isEven(5), odd: await isOdd(3) };
});
