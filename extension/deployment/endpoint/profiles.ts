import { loadSharedConfigFiles } from "@smithy/core/config";
import { UserError } from "../../core/errors.ts";

/** A profile of `~/.aws/config` or `~/.aws/credentials` (or the files that `AWS_CONFIG_FILE` and its sibling name). */
export interface Profile {
  name: string;
  region: string | undefined;
}

type Settings = Record<string, string | undefined>;

async function read(): Promise<Map<string, Settings>> {
  // Read afresh: people sign in and edit while the editor is open.
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profiles = new Map<string, Settings>();
  for (const [name, settings] of [...Object.entries(credentialsFile), ...Object.entries(configFile)]) {
    // The reader hands on [sso-session x] and [services x] as well, marked by their kind.
    if (/^(?:sso-session|services)\./.test(name)) continue;
    profiles.set(name, { ...profiles.get(name), ...settings });
  }
  return profiles;
}

/** All profiles, by name. Nothing secret is read out of them. */
export async function listProfiles(): Promise<Profile[]> {
  const profiles = [...(await read())].map(([name, { region }]) => ({ name, region }));
  return profiles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The region that a profile names.
 * @throws UserError `profile-unknown`; `credentials-mfa` for a profile that can only be used with a code typed in.
 */
export async function regionOfProfile(name: string): Promise<string | undefined> {
  const profiles = await read();
  const settings = profiles.get(name);
  if (!settings) {
    const known = [...profiles.keys()].sort().join(", ");
    const next = known === "" ? `Run: aws configure --profile ${name}` : `Choose one of: ${known}.`;
    throw new UserError("profile-unknown", `There is no AWS profile “${name}” on this machine.`, next);
  }
  if (settings["mfa_serial"] !== undefined) {
    throw new UserError(
      "credentials-mfa",
      `The AWS profile “${name}” asks for a code of an MFA device at every use.`,
      `Sign in with the code first, then deploy without naming a profile. Run: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  return settings["region"];
}
