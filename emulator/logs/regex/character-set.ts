/** What one position of the text may be: 128 ASCII flags, and whether anything beyond ASCII is meant. */
export interface CharacterSet {
  readonly ascii: Uint8Array;
  readonly beyond: boolean;
}

export const ANY: CharacterSet = { ascii: new Uint8Array(128).fill(1), beyond: true };

/** A set that `add` fills; it returns whether characters beyond ASCII belong to it. */
export function characterSet(negated: boolean, add: (ascii: Uint8Array) => boolean): CharacterSet {
  const ascii = new Uint8Array(128);
  const beyond = add(ascii);
  if (!negated) return { ascii, beyond };
  return { ascii: ascii.map((flag) => 1 - flag), beyond: !beyond };
}

export const single = (code: number) =>
  characterSet(false, (ascii) => {
    ascii[code] = 1;
    return false;
  });

/** The set with both cases of each letter it holds. */
export function foldCase(set: CharacterSet): CharacterSet {
  const ascii = set.ascii.slice();
  for (let code = 65; code <= 90; code++) {
    const flag = (ascii[code] as number) | (ascii[code + 32] as number);
    ascii[code] = flag;
    ascii[code + 32] = flag;
  }
  return { ascii, beyond: set.beyond };
}

/** The classes written with a backslash; their capitals are the complements. */
export const CLASSES: Record<string, (ascii: Uint8Array) => void> = {
  d: (ascii) => ascii.fill(1, 48, 58),
  s: (ascii) => {
    for (const code of [9, 10, 11, 12, 13, 32]) ascii[code] = 1;
  },
  w: (ascii) => {
    ascii.fill(1, 48, 58);
    ascii.fill(1, 65, 91);
    ascii.fill(1, 97, 123);
    ascii[95] = 1;
  },
};
