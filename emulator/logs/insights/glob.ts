/**
 * Takes the texts that the `*` of a pattern stand for out of the first place where the rest of the pattern fits; each takes as
 * little as it can, one at the end all that is left.
 */
export function globExtractor(pattern: string): (text: string) => string[] | undefined {
  const parts = pattern.split("*");
  return (text) => {
    const found: string[] = [];
    const [first, ...rest] = parts as [string, ...string[]];
    const start = text.indexOf(first);
    if (start < 0) return undefined;
    let at = start + first.length;
    for (const [index, part] of rest.entries()) {
      const end = part === "" && index === rest.length - 1 ? text.length : text.indexOf(part, at);
      if (end < 0) return undefined;
      found.push(text.slice(at, end));
      at = end + part.length;
    }
    return found;
  };
}
