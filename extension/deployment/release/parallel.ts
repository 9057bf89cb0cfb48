import { UserError } from "../../core/errors.ts";

/** Somebody else has changed what this deploy was about to change. */
export class ParallelDeploy extends UserError {
  constructor(what: string, cause?: unknown) {
    super(
      "parallel-deploy",
      `${what} was changed by another deploy while this one was under way.`,
      "Let the other one finish, then deploy again.",
      { cause },
    );
  }
}

/**
 * Answers that mean that somebody else changes the same thing at the same time; or that a request of ours was repeated
 * after its answer had got lost, which `done` finds out: it returns what the first request has led to, if it has.
 */
export async function unparalleled<Result extends object>(
  what: string,
  send: () => Promise<Result>,
  done: () => Promise<Result | undefined> = async () => undefined,
): Promise<Result> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const exists = /^(?:Resource)?ConflictException$/.test(error.name) && /already exist/i.test(error.message);
    const otherCode = error.name === "InvalidParameterValueException" && /CodeSHA256/i.test(error.message);
    if (!exists && !otherCode && error.name !== "PreconditionFailedException") throw error;
    const result = await done();
    if (result === undefined) throw new ParallelDeploy(what, error);
    return result;
  }
}
