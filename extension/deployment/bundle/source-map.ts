/** Source map revision 3, as far as a bundle's has it. */
interface SourceMap {
  version: number;
  sources: string[];
  names: string[];
  mappings: string;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Uint8Array(128);
for (let index = 0; index < DIGITS.length; index++) VALUES[DIGITS.charCodeAt(index)] = index;

/**
 * A map without the sources that `drop` names: their places stay unmapped. Stack traces are read in one's own code, and a
 * client library's map would be read and parsed at every cold start.
 */
export function withoutSources(text: string, drop: (source: string) => boolean): string {
  const map = JSON.parse(text) as SourceMap;
  const kept = map.sources.map((source) => !drop(source));
  if (kept.every(Boolean)) return text;
  const renumbered = renumber(kept);
  const usedNames = new Map<number, number>();
  const lines = map.mappings.split(";");
  const from = [0, 0, 0, 0];
  const to = [0, 0, 0, 0];
  const written = lines.map((line) => {
    let column = 0;
    let lastColumn = 0;
    let unmapped = true;
    const out: string[] = [];
    forEachSegment(line, (fields) => {
      column += fields[0]!;
      if (fields.length > 1) for (let index = 1; index < fields.length; index++) from[index - 1]! += fields[index]!;
      const source = fields.length > 1 ? renumbered[from[0]!]! : -1;
      if (source < 0) {
        if (!unmapped) out.push(encode(column - lastColumn));
        if (!unmapped) lastColumn = column;
        unmapped = true;
        return;
      }
      const now = [source, from[1]!, from[2]!];
      let segment = encode(column - lastColumn) + now.map((value, index) => encode(value - to[index]!)).join("");
      now.forEach((value, index) => (to[index] = value));
      if (fields.length > 4) {
        const name = usedNames.get(from[3]!) ?? usedNames.size;
        usedNames.set(from[3]!, name);
        segment += encode(name - to[3]!);
        to[3] = name;
      }
      out.push(segment);
      lastColumn = column;
      unmapped = false;
    });
    return out.join(",");
  });
  return JSON.stringify({
    version: map.version,
    sources: map.sources.filter((_, index) => kept[index]),
    names: [...usedNames.keys()].map((index) => map.names[index]),
    mappings: written.join(";"),
  });
}

/** Old index -> new index, -1 for what is dropped. */
function renumber(kept: readonly boolean[]): number[] {
  let next = 0;
  return kept.map((keep) => (keep ? next++ : -1));
}

/** Segments hold 1, 4 or 5 numbers, each relative to the one before (columns: within the line). */
function forEachSegment(line: string, visit: (fields: readonly number[]) => void): void {
  let fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 44) {
      if (fields.length > 0) visit(fields);
      fields = [];
      continue;
    }
    const digit = VALUES[code]!;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    fields.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  if (fields.length > 0) visit(fields);
}

function encode(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit]!;
  } while (rest > 0);
  return text;
}
