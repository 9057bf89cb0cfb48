/** Finding a task by a part of its name. Pure. */

/** Indices of matches: names that begin with the text first, then those that hold it, upper and lower case alike. */
export function matches(names: readonly string[], text: string): string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const rank = (name: string) => {
    const at = name.toLowerCase().indexOf(wanted);
    return at < 0 ? undefined : at === 0 ? 0 : 1;
  };
  return names
    .flatMap((name) => {
      const order = rank(name);
      return order === undefined ? [] : [{ name, order }];
    })
    .sort((a, b) => a.order - b.order || a.name.length - b.name.length)
    .map((each) => each.name);
}
