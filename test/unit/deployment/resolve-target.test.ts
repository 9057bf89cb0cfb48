import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../extension/core/errors.ts";
import { identify, listProfiles, resolveTarget } from "../../../extension/deployment/index.ts";

const CONFIG = `[default]
region = us-west-2
[profile sso]
sso_session = company
sso_account_id = 123456789012
sso_role_name = developer
region = eu-west-1
[sso-session company]
sso_region = eu-west-1
sso_start_url = https://company.awsapps.com/start
[profile login]
login_session = arn:aws:iam::123456789012:user/me
region = eu-west-1
[profile coded]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = sso
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile local]
region = eu-west-1
endpoint_url = http://127.0.0.1:4566
[profile split]
region = eu-west-1
services = here
[services here]
lambda =
  endpoint_url = http://127.0.0.1:4566
[profile bare]
output = json
`;

let folder: string;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  folder = await mkdtemp(join(tmpdir(), "fusionize-aws-"));
  await mkdir(join(folder, ".aws"));
  await writeFile(join(folder, ".aws/config"), CONFIG);
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, ".aws/config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, ".aws/credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(folder, { recursive: true, force: true });
});

/** As the person sees it. */
async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error("expected a UserError", { cause: error });
  return `${error.code}: ${error.message} ${error.action}`;
}

describe("a target", () => {
  it("takes region and stage from what is chosen, else from the AWS configuration", async () => {
    expect(await resolveTarget({})).toEqual({
      kind: "aws",
      region: "us-west-2",
      stage: "dev",
      roles: "managed",
      environment: {},
    });
    expect(await resolveTarget({ profile: "sso", stage: "prod" })).toMatchObject({
      profile: "sso",
      region: "eu-west-1",
      stage: "prod",
    });
    expect(await resolveTarget({ profile: "sso", region: "ap-south-1" })).toMatchObject({ region: "ap-south-1" });
    process.env["AWS_REGION"] = "sa-east-1";
    expect(await resolveTarget({})).toMatchObject({ region: "sa-east-1" });
    // A profile that is named on the spot is meant, whatever the environment says.
    expect(await resolveTarget({ profile: "sso" })).toMatchObject({ region: "eu-west-1" });
    expect(await resolveTarget({ profile: "bare" })).toMatchObject({ region: "sa-east-1" });
    process.env["AWS_PROFILE"] = "sso";
    expect(await resolveTarget({})).toMatchObject({ region: "sa-east-1" });
  });

  it("does not send real credentials to a program on this machine", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "REAL";
    expect(await resolveTarget({ endpoint: "http://127.0.0.1:4566" })).toMatchObject({
      endpoint: "http://127.0.0.1:4566",
      credentials: { accessKeyId: "test" },
    });
    expect((await resolveTarget({ endpoint: "http://localhost:4566", profile: "sso" })).credentials).toBeUndefined();
    expect((await resolveTarget({ endpoint: "https://lambda.example.com" })).credentials).toBeUndefined();
  });

  it("goes where the environment or the profile says", async () => {
    const at = async (choice: Parameters<typeof resolveTarget>[0]) => (await resolveTarget(choice)).endpoint;
    expect(await at({ profile: "local" })).toBe("http://127.0.0.1:4566");
    expect((await resolveTarget({ profile: "local" })).environment).toEqual({ AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:4566" });
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:5000";
    expect([await at({}), await at({ profile: "local" })]).toEqual(["http://127.0.0.1:5000", "http://127.0.0.1:5000"]);
    expect(await at({ endpoint: "http://127.0.0.1:6000" })).toBe("http://127.0.0.1:6000");
    // Endpoints of single services are the SDK's to sort out; functions still learn where their siblings are.
    process.env["AWS_ENDPOINT_URL_LAMBDA"] = "http://127.0.0.1:7000";
    expect(await resolveTarget({})).toMatchObject({ environment: { AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:7000" } });
    expect(await at({})).toBeUndefined();
    delete process.env["AWS_ENDPOINT_URL_LAMBDA"];
    process.env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
    expect(await at({})).toBeUndefined();
  });

  it("keeps credentials of the environment beside an endpoint of the environment", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:5000";
    expect((await resolveTarget({})).credentials).toEqual({ accessKeyId: "test", secretAccessKey: "test" });
    process.env["AWS_ACCESS_KEY_ID"] = "111111111111";
    expect((await resolveTarget({})).credentials).toBeUndefined();
  });

  it("says what is missing, and what to do", async () => {
    await writeFile(join(folder, ".aws/config"), CONFIG.replace("region = us-west-2", ""));
    expect(await told(resolveTarget({}))).toMatchInlineSnapshot(
      `"region-missing: No AWS region is chosen. Choose one, or run: aws configure set region eu-central-1"`,
    );
    expect(await told(resolveTarget({ profile: "nope" }))).toMatchInlineSnapshot(
      `"profile-unknown: There is no AWS profile “nope” on this machine. Choose one of: bare, coded, local, login, split, sso."`,
    );
    expect(await told(resolveTarget({ profile: "coded" }))).toMatchInlineSnapshot(
      `"credentials-mfa: The AWS profile “coded” asks for a code of an MFA device at every use. Sign in with the code first, then deploy without naming a profile. Run: eval "$(aws configure export-credentials --profile coded --format env)""`,
    );
    expect(await told(resolveTarget({ profile: "split" }))).toMatchInlineSnapshot(
      `"profile-services: The AWS profile “split” names endpoints of single services (services = here). Use it by the environment: set AWS_PROFILE=split and name no profile."`,
    );
    expect(await told(resolveTarget({ role: "me" }))).toMatchInlineSnapshot(
      `"role-invalid: “me” is not the ARN of a role. Write it like arn:aws:iam::123456789012:role/functions."`,
    );
    expect(await told(resolveTarget({ stage: "a b" }))).toMatchInlineSnapshot(
      `"stage-invalid: “a b” cannot be a stage. Use up to 20 letters, digits and hyphens, such as dev or prod."`,
    );
    expect(await told(resolveTarget({ endpoint: "localhost:4566" }))).toMatchInlineSnapshot(
      `"endpoint-invalid: “localhost:4566” is not the address of an endpoint. Write it like http://127.0.0.1:4566."`,
    );
  });
});

describe("credentials", () => {
  it("that are missing or expired give one sentence with the command to run", async () => {
    expect(await told(identify(await resolveTarget({})))).toMatchInlineSnapshot(
      `"credentials-missing: There are no credentials for AWS. Run: aws login"`,
    );
    expect(await told(identify(await resolveTarget({ profile: "sso" })))).toMatchInlineSnapshot(
      `"credentials-expired: The sign-in of the AWS profile “sso” has expired or was never made. Run: aws sso login --profile sso"`,
    );
    expect(await told(identify(await resolveTarget({ profile: "login" })))).toMatchInlineSnapshot(
      `"credentials-expired: The sign-in of the AWS profile “login” has expired or was never made. Run: aws login --profile login"`,
    );
  });
});

it("profiles are listed with their regions, other sections are not", async () => {
  await writeFile(join(folder, ".aws/credentials"), "[keys]\naws_access_key_id = x\naws_secret_access_key = y\n");
  expect(await listProfiles()).toEqual([
    { name: "bare", region: undefined },
    { name: "coded", region: undefined },
    { name: "default", region: "us-west-2" },
    { name: "keys", region: undefined },
    { name: "local", region: "eu-west-1" },
    { name: "login", region: "eu-west-1" },
    { name: "split", region: "eu-west-1" },
    { name: "sso", region: "eu-west-1" },
  ]);
});
