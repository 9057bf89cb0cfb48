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
