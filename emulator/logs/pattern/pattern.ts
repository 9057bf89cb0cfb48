/** A compiled filter pattern. */
export interface Pattern {
  /** UTF-8 bytes that every matching message contains: what a search may look for before it decodes anything. */
  readonly needle?: Buffer;
  matches(message: string): boolean;
}

export function compilePattern(text: string): Pattern {
  const terms = text.trim().split(/\s+/).filter(Boolean);
  return { matches: (message) => terms.every((term) => message.includes(term)) };
}
