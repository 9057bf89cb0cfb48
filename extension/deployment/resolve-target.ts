import { UserError } from "../core/errors.ts";
import type { LongWork } from "../ports/work.ts";
import { connect } from "./endpoint/connection.ts";
import { explained } from "./endpoint/failures.ts";
import { isLoopback } from "./endpoint/loopback.ts";
import { identityOf, type Identity } from "./endpoint/identity.ts";
import { placeOfProfile } from "./endpoint/profiles.ts";
import type { UrlAccess } from "./endpoint/urls.ts";
import type { Architecture, Target } from "./target.ts";

/** What a person chooses; everything else follows from their AWS configuration. */
export interface TargetChoice {
  /** AWS profile; absent = environment variables, else the default profile, as everywhere in AWS's tools. */
  profile?: string;
  region?: string;
  /** Default `dev`. */
  stage?: string;
  /** Another implementation's endpoint; absent = AWS, or what `AWS_ENDPOINT_URL*` and `endpoint_url` name. */
  endpoint?: string;
  /** ARN of an execution role for all functions; absent = one least-privilege role for each is made. */
  role?: string;
  policies?: string[];
  permissionsBoundary?: string;
  /** Who may invoke entries over HTTPS; default `iam`. */
  urls?: UrlAccess;
  architecture?: Architecture;
  env?: NodeJS.ProcessEnv;
}

export const DEFAULT_STAGE = "dev";
/** A region that every account has, for endpoints on this machine, which do not care. */
const LOOPBACK_REGION = "us-east-1";
/** Real credentials are not sent to a program on this machine unless a profile was named for it. */
const LOOPBACK_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * @throws UserError `region-missing`, `profile-unknown`, `profile-services`, `credentials-mfa`, `role-invalid`, `stage-invalid`, `endpoint-invalid`.
 */
export async function resolveTarget(choice: TargetChoice): Promise<Target> {
  const { profile, role, policies, permissionsBoundary, urls, architecture, env = process.env } = choice;
  const named = profile === undefined ? undefined : await placeOfProfile(profile);
  const endpoint = choice.endpoint ?? endpointOf(env) ?? (namesEndpoints(env) ? undefined : named?.endpoint);
  const stage = choice.stage ?? DEFAULT_STAGE;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/.test(stage)) {
    throw new UserError(
      "stage-invalid",
      `“${stage}” cannot be a stage.`,
      "Use up to 20 letters, digits and hyphens, such as dev or prod.",
    );
  }
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) {
    throw new UserError(
      "endpoint-invalid",
      `“${endpoint}” is not the address of an endpoint.`,
      "Write it like http://127.0.0.1:4566.",
    );
  }
  if (named?.services !== undefined && choice.endpoint === undefined) {
    throw new UserError(
      "profile-services",
      `The AWS profile “${profile}” names endpoints of single services (services = ${named.services}).`,
      `Use it by the environment: set AWS_PROFILE=${profile} and name no profile.`,
    );
  }
  if (role !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(role)) {
    throw new UserError(
      "role-invalid",
      `“${role}” is not the ARN of a role.`,
      "Write it like arn:aws:iam::123456789012:role/functions.",
    );
  }
  const loopback = isLoopback(endpoint);
  const lambda = choice.endpoint ?? env["AWS_ENDPOINT_URL_LAMBDA"] ?? endpoint;
  const chosenProfile = profile ?? env["AWS_PROFILE"];
  const ofProfile =
    named?.region ??
    (chosenProfile !== undefined && profile === undefined && !loopback ? await regionOf(chosenProfile) : undefined);
  // A profile that is named on the spot outdoes the environment; one that the environment names does not.
  const region =
    choice.region ??
    (profile === undefined ? (env["AWS_REGION"] ?? ofProfile) : (ofProfile ?? env["AWS_REGION"])) ??
    (chosenProfile === undefined && !loopback ? await regionOf("default").catch(() => undefined) : undefined) ??
    (loopback ? LOOPBACK_REGION : undefined);
  if (region === undefined) {
    const command = `aws configure set region eu-central-1${profile === undefined ? "" : ` --profile ${profile}`}`;
    throw new UserError("region-missing", "No AWS region is chosen.", `Choose one, or run: ${command}`);
  }
  return {
    kind: "aws",
    region,
    stage,
    roles: role === undefined ? "managed" : { arn: role },
    // Functions run where the endpoint is: on this machine they call each other there, not at AWS.
    environment: lambda !== undefined && isLoopback(lambda) ? { AWS_ENDPOINT_URL_LAMBDA: lambda } : {},
    ...(urls && { urls }),
    ...(architecture && { architecture }),
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    ...(loopback &&
      profile === undefined &&
      (choice.endpoint !== undefined || !ownsCredentials(env)) && { credentials: LOOPBACK_CREDENTIALS }),
    ...(policies && { policies }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  };
}

const regionOf = async (profile: string): Promise<string | undefined> => (await placeOfProfile(profile)).region;

/** One endpoint for all services, as the environment names it; where it names some for single services, the SDK knows best. */
function endpointOf(env: NodeJS.ProcessEnv): string | undefined {
  return env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true" || namesEndpoints(env)
    ? undefined
    : env["AWS_ENDPOINT_URL"] || undefined;
}

/** True when the environment names endpoints of single services that a deploy uses. */
function namesEndpoints(env: NodeJS.ProcessEnv): boolean {
  return Object.keys(env).some((name) => /^AWS_ENDPOINT_URL_(?:LAMBDA|CLOUDWATCH_LOGS|IAM|STS)$/.test(name) && env[name]);
}

/** Who names endpoint and credentials in one environment means both. */
function ownsCredentials(env: NodeJS.ProcessEnv): boolean {
  return env["AWS_ACCESS_KEY_ID"] !== undefined || env["AWS_PROFILE"] !== undefined;
}

/** Whose credentials these are. Fails with a sentence and a command when there are none, or when they have expired. */
export async function identify(target: Target, work: LongWork = {}): Promise<Identity> {
  const connection = connect(target, work);
  try {
    return await identityOf(connection);
  } catch (error) {
    work.signal?.throwIfAborted();
    throw explained(error, target);
  } finally {
    connection.close();
  }
}
