import { UserError } from "../../core/errors.ts";
import type { Target } from "../target.ts";

/** What went wrong on the way to the endpoint, as a sentence and the next step; anything else comes back as it is. */
export function explained(error: unknown, target: Target): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { name, message } = error;
  const where = target.endpoint ?? `AWS in ${target.region}`;
  const profile = target.profile === undefined ? "" : ` --profile ${target.profile}`;
  if (isRefused(error)) {
    return new UserError(
      "endpoint-unreachable",
      `Nothing answers at ${where}.`,
      "Start it, or check the endpoint and your network.",
      { cause: error },
    );
  }
  if (name === "CredentialsProviderError" || /could not load credentials/i.test(message)) {
    const expired = /sso|token|expired/i.test(message);
    return expired
      ? new UserError("credentials-expired", `The sign-in to AWS has expired.`, `Run: aws sso login${profile}`, { cause: error })
      : new UserError(
          "credentials-missing",
          "There are no AWS credentials here.",
          `Run: aws login${profile} (or: aws configure${profile})`,
          { cause: error },
        );
  }
  if (/^(?:ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(name)) {
    return new UserError(
      "credentials-expired",
      "The AWS credentials have expired.",
      `Run: aws sso login${profile} (or: aws login${profile})`,
      { cause: error },
    );
  }
  if (/^(?:UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)$/.test(name)) {
    return new UserError("credentials-refused", `AWS does not accept the credentials: ${message}`, `Run: aws login${profile}`, {
      cause: error,
    });
  }
  if (/^(?:AccessDenied|AccessDeniedException)$/.test(name)) {
    const action = /perform:? ([a-z-]+:\w+)/i.exec(message)?.[1];
    const what = action === undefined ? message || "AWS refused access." : `The credentials lack the right ${action}.`;
    return new UserError(
      "access-denied",
      what,
      "Add it to the policy of the user or role that deploys; docs/deployment.md has the whole policy.",
      { cause: error },
    );
  }
  if (/region is missing/i.test(message)) {
    return new UserError("region-missing", "No AWS region is chosen.", "Choose one, or set AWS_REGION.", { cause: error });
  }
  return error;
}

function isRefused(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" && /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code);
}
