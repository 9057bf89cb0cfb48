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

/** What a profile says about where to go. */
export interface ProfilePlace {
  region: string | undefined;
  /** `endpoint_url`, which the SDK takes from the profile of the environment only, not from one that is named. */
  endpoint: string | undefined;
  /** Section with endpoints of single services; the same holds for them. */
  services: string | undefined;
}

/**
 * @throws UserError `profile-unknown`; `credentials-mfa` for a profile that can only be used with a code typed in.
 */
export async function placeOfProfile(name: string): Promise<ProfilePlace> {
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
  return { region: settings["region"], endpoint: settings["endpoint_url"], services: settings["services"] };
}
