/**
 * An error that the user can do something about: one sentence, and the next step. Everything else that is thrown is a
 * bug of ours and shows the log.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Stable, kebab-case. */
  readonly code: string;
  /** What to do about it: a sentence, or a command to run. */
  readonly action: string | undefined;
  constructor(code: string, message: string, action?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.action = action;
  }
}
