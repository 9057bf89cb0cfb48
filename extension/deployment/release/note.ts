/**
 * What an alias says about its release, in its description: the only place besides names and tags where a deployment
 * keeps anything. For a release alias: which setup, of how many functions (a release that has fewer was cut off), when.
 * For the alias `live`: which release, since when.
 */
export interface ReleaseNote {
  release?: string;
  setup?: string;
  functions?: number;
  /** When it was made, or moved; ISO 8601. */
  at?: string;
  /** Of the alias `live`: the release that gets a share of the requests. */
  canary?: string;
  /** When clients stopped invoking it; ISO 8601. Absent while they do. */
  until?: string;
}

export function writeReleaseNote({ release, canary, setup, functions, at, until }: ReleaseNote): string {
  const words = [
    release !== undefined && `release=${release}`,
    canary !== undefined && `canary=${canary}`,
    setup !== undefined && `setup=${setup}`,
    functions !== undefined && `functions=${functions}`,
    at !== undefined && `at=${at}`,
    until !== undefined && `until=${until}`,
  ];
  return words.filter(Boolean).join(" ");
}

/** Descriptions can be edited by anyone: what is not understood is left out. */
export function parseReleaseNote(description: string): ReleaseNote {
  const words = new Map(description.split(" ").map((word) => word.split("=", 2) as [string, string | undefined]));
  const note: ReleaseNote = {};
  const canary = words.get("canary");
  const [release, setup, functions, at, until] = ["release", "setup", "functions", "at", "until"].map((key) => words.get(key));
  if (release !== undefined && /^r\d+$/.test(release)) note.release = release;
  if (canary !== undefined && /^r\d+$/.test(canary)) note.canary = canary;
  if (setup !== undefined) note.setup = setup;
  if (functions !== undefined && /^\d+$/.test(functions)) note.functions = Number(functions);
  if (at !== undefined && !Number.isNaN(Date.parse(at))) note.at = at;
  if (until !== undefined && !Number.isNaN(Date.parse(until))) note.until = until;
  return note;
}
