import { integer, string } from "./validation.ts";
import { badToken, invalidParameter } from "./refusal.ts";

export const groupNameField = () => string({ min: 1, max: 512, pattern: /[.\-_/#A-Za-z0-9]+/ });
export const groupIdentifierField = () => string({ min: 1, max: 2048, pattern: /[\w#+=/:,.@*-]*/ });
export const streamNameField = () => string({ min: 1, max: 512, pattern: /[^:*]*/ });
export const arnField = () => string({ min: 1, max: 1011, pattern: /[\w+=/:,.@\-*]*/ });
export const tokenField = () => string({ min: 1 });
export const limitField = (max: number) => integer({ min: 1, max });
export const timeField = () => integer({ min: 0 });

/** ARN of a group, without the `:*` that some members of the API put behind it. */
export function groupArn(place: { region: string; accountId: string }, name: string): string {
  return `arn:aws:logs:${place.region}:${place.accountId}:log-group:${name}`;
}

/** The group's name in a name or an ARN. */
export function groupName(identifier: string): string {
  if (!identifier.startsWith("arn:")) return identifier;
  const match = /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(identifier);
  if (!match) throw invalidParameter(`The specified log group identifier is invalid: ${identifier}`);
  return match[1] as string;
}

/** Tokens are opaque to clients: what they stand for, as base64url JSON with the kind of list they belong to. */
export function token(kind: string, value: unknown): string {
  return Buffer.from(JSON.stringify([kind, value])).toString("base64url");
}

export function fromToken(kind: string, text: string): unknown {
  try {
    const [found, value] = JSON.parse(Buffer.from(text, "base64url").toString()) as [unknown, unknown];
    if (found === kind) return value;
  } catch {
    // not one of ours: refused below
  }
  throw badToken();
}

/** One page of names after the one a token stands for. */
export function page<T>(items: readonly T[], limit: number, from: number): { items: readonly T[]; next: number | undefined } {
  const end = from + limit;
  return { items: items.slice(from, end), next: end < items.length ? end : undefined };
}
