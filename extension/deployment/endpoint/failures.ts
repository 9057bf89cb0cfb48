import { UserError } from "../../core/errors.ts";
import type { Target } from "../target.ts";

/** What went wrong on the way to the endpoint, as a sentence and the next step; anything else comes back as it is. */
export function explained(error: unknown, target: Target): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  return unreachable(error, target) ?? credentials(error, target) ?? refused(error) ?? error;
}

function unreachable(error: Error, target: Target): UserError | undefined {
  const code = "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code))
    return undefined;
  const where = target.endpoint ?? `AWS in ${target.region}`;
  return new UserError(
    "endpoint-unreachable",
    `Nothing answers at ${where}.`,
    "Start it, or check the endpoint and your network.",
    {
      cause: error,
    },
  );
}

/** The SDK's providers tell their cases apart by words only. */
function credentials(error: Error, { profile }: Target): UserError | undefined {
  const { name, message } = error;
  const option = profile === undefined ? "" : ` --profile ${profile}`;
  const whose = profile === undefined ? "to AWS" : `of the AWS profile “${profile}”`;
  const expired = (command: string) =>
    new UserError("credentials-expired", `The sign-in ${whose} has expired or was never made.`, `Run: ${command}${option}`, {
      cause: error,
    });
  const missing = () =>
    new UserError(
      "credentials-missing",
      `There are no credentials ${profile === undefined ? "for AWS" : whose}.`,
      `Run: aws login${option}`,
      {
        cause: error,
      },
    );
  if (/^(?:ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(name)) return expired("aws login");
  if (/^(?:UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)$/.test(name)) {
    return new UserError("credentials-refused", `AWS does not accept the credentials: ${message}`, `Run: aws login${option}`, {
      cause: error,
    });
  }
  if (name !== "CredentialsProviderError" && name !== "TokenProviderError") return undefined;
  if (/aws sso login|\bSSO\b/.test(message)) return expired("aws sso login");
  if (/aws login|[\\/]login[\\/]cache/.test(message)) return expired("aws login");
  return missing();
}

function refused(error: Error): UserError | undefined {
  if (!/^(?:AccessDenied|AccessDeniedException)$/.test(error.name)) return undefined;
  const action = /perform:? ([a-z-]+:\w+)/i.exec(error.message)?.[1];
  const what = action === undefined ? error.message || "AWS refused access." : `The credentials lack the right ${action}.`;
  const next = "Add it to the policy of the user or role that deploys. Run: fusionize policy <app> for the whole policy.";
  return new UserError("access-denied", what, next, { cause: error });
}
