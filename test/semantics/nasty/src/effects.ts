/** Effects that can be seen from outside: counted by key in a small server of the test. */

const url = process.env["EFFECTS_URL"] ?? "";

/** @returns how often this effect has been seen, this time included. */
export async function effect(key: string): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    // What a function that was ended by force still does, the test must not count.
    headers: { "x-source": import.meta.url },
    body: key,
  });
  return Number(await response.text());
}
