/** Which profile, region and stage: asked once for each stage, kept beside the app; never credentials. */
import * as vscode from "vscode";
import type { KeptChoice } from "../../../application/targets.ts";
import { deploying } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";

/** Offered first; any other can be typed. */
const REGIONS = ["eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2", "ap-northeast-1", "ap-southeast-2"];

const describe = ({ region, profile, endpoint }: KeptChoice): string =>
  [region, profile && vscode.l10n.t("profile {0}", profile), endpoint].filter(Boolean).join(", ");

/** A stage that was deployed before, or the answers to the questions. @throws CancellationError when one is left. */
export async function askTarget(session: AppSession): Promise<KeptChoice> {
  const { keptTargets } = await deploying();
  const { stage, stages } = await keptTargets(session);
  const names = Object.keys(stages).sort((a, b) => Number(b === stage) - Number(a === stage) || a.localeCompare(b));
  if (names.length === 0) return askNew(session);
  const items: (vscode.QuickPickItem & { choice?: KeptChoice })[] = [
    ...names.map((name) => ({
      label: name,
      description: describe(stages[name] as KeptChoice),
      choice: { ...stages[name], stage: name } as KeptChoice,
    })),
    { label: vscode.l10n.t("$(add) Another stage…") },
  ];
  const chosen = await pick(items, session, vscode.l10n.t("To which stage?"));
  return chosen.choice ?? askNew(session);
}

/** A stage that was deployed before. */
export async function askDeployed(session: AppSession): Promise<KeptChoice> {
  const { keptTargets } = await deploying();
  const { stages } = await keptTargets(session);
  const [only, ...others] = Object.keys(stages);
  return only !== undefined && others.length === 0 ? { ...stages[only], stage: only } : askTarget(session);
}

async function askNew(session: AppSession): Promise<KeptChoice> {
  const account = await askProfile(session);
  const region = await askRegion(session, account.region);
  const stage = await input(session, {
    prompt: vscode.l10n.t("The stage: part of every name, so that several can stand beside each other"),
    value: "dev",
    validate: (text) =>
      /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/.test(text)
        ? undefined
        : vscode.l10n.t("Up to 20 letters, digits and hyphens"),
  });
  const role = await askRole(session);
  const { profile, endpoint } = account;
  return { region, stage, ...(profile && { profile }), ...(endpoint && { endpoint }), ...(role && { role }) };
}

type Account = Pick<KeptChoice, "profile" | "endpoint" | "region">;

async function askProfile(session: AppSession): Promise<Account> {
  const { listProfiles } = await deploying();
  const profiles = await listProfiles();
  const other = vscode.l10n.t("$(plug) Another endpoint…");
  const items: (vscode.QuickPickItem & { account?: Account })[] = [
    ...profiles.map(({ name, region }) => ({
      label: `$(account) ${name}`,
      description: region ?? "",
      account: { profile: name, ...(region !== undefined && { region }) },
    })),
    { label: vscode.l10n.t("$(terminal) Credentials of the environment"), account: {} },
    { label: other, description: vscode.l10n.t("another implementation of AWS’s API") },
  ];
  const chosen = await pick(items, session, vscode.l10n.t("With which AWS profile? Nothing of it is stored but its name."));
  if (chosen.account) return chosen.account;
  const endpoint = await input(session, {
    prompt: vscode.l10n.t("Address of the endpoint"),
    value: "http://127.0.0.1:4566",
    validate: (text) => (/^https?:\/\/\S+$/.test(text) ? undefined : vscode.l10n.t("Such as http://127.0.0.1:4566")),
  });
  return { endpoint };
}

async function askRegion(session: AppSession, usual: string | undefined): Promise<string> {
  const type = vscode.l10n.t("$(edit) Another region…");
  const regions = [...new Set([...(usual === undefined ? [] : [usual]), ...REGIONS])];
  const items = [
    ...regions.map((label) => ({ label, description: label === usual ? vscode.l10n.t("the profile’s") : "" })),
    { label: type },
  ];
  const { label } = await pick(items, session, vscode.l10n.t("In which region?"));
  if (label !== type) return label;
  return input(session, {
    prompt: vscode.l10n.t("Region"),
    validate: (text) => (/^[a-z]{2,5}(?:-[a-z]+)+-\d$/.test(text) ? undefined : vscode.l10n.t("Such as eu-central-1")),
  });
}

async function askRole(session: AppSession): Promise<string | undefined> {
  const own = vscode.l10n.t("$(shield) A role for each function");
  const items = [
    { label: own, description: vscode.l10n.t("may write its own log and call its own callees, nothing else") },
    { label: vscode.l10n.t("$(key) One role for all…"), description: vscode.l10n.t("where you may not make roles") },
  ];
  const { label } = await pick(items, session, vscode.l10n.t("Which execution role?"));
  if (label === own) return undefined;
  return input(session, {
    prompt: vscode.l10n.t("ARN of the role"),
    validate: (text) =>
      /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(text)
        ? undefined
        : vscode.l10n.t("Such as arn:aws:iam::123456789012:role/functions"),
  });
}

/** Seconds that a share is tried: as long as the terminal's default. */
const CANARY_SECONDS = 300;

/** Which share of the requests a release gets before all of them. @throws CancellationError */
export async function askCanary(session: AppSession): Promise<{ share: number; seconds: number }> {
  const minutes = CANARY_SECONDS / 60;
  const description = vscode.l10n.t("for {0} minutes; all go back to the release before when too many of them fail", minutes);
  const items = [5, 10, 25, 50].map((percent) => ({ label: `${percent} %`, description, share: percent / 100 }));
  const { share } = await pick(items, session, vscode.l10n.t("Which share of the requests tries the release first?"));
  return { share, seconds: CANARY_SECONDS };
}

async function pick<Item extends vscode.QuickPickItem>(items: Item[], { name }: AppSession, placeHolder: string): Promise<Item> {
  const title = vscode.l10n.t("Deploy {0}", name);
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true });
  if (!chosen) throw new vscode.CancellationError();
  return chosen;
}

interface Question {
  prompt: string;
  value?: string;
  validate: (text: string) => string | undefined;
}

async function input({ name }: AppSession, { prompt, value = "", validate }: Question): Promise<string> {
  const title = vscode.l10n.t("Deploy {0}", name);
  const answer = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => validate(text.trim()),
  });
  if (answer === undefined) throw new vscode.CancellationError();
  return answer.trim();
}
