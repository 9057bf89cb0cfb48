/** Deploy to AWS…: a target, a plan to look at, consent, progress that can be cancelled, addresses at the end. */
import * as vscode from "vscode";
import type { KeptChoice } from "../../../application/targets.ts";
import type { Deployment } from "../../../deployment/index.ts";
import { deploying } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import { askCanary, askTarget } from "./ask.ts";
import type { DeploymentTree } from "./deploymentTree.ts";
import { placeOf, placeRow } from "./place.ts";
import { retried } from "./retry.ts";
import { summary } from "./rows.ts";
import { requireTrust } from "./trust.ts";

/** `canary`: agreed, a share of the requests first. */
type Agreed = boolean | "canary";

/** Answers to the plan that waits, from its notification or from the view's title: whichever comes first. */
export class Consent {
  readonly #waiting = new Map<string, (agreed: Agreed) => void>();

  answer(folder: string | undefined, agreed: Agreed): void {
    const [first] = this.#waiting.keys();
    this.#waiting.get(folder ?? first ?? "")?.(agreed);
  }

  /** @param canary whether a share of the requests can be tried first: where clients have a release already */
  async ask({ folder }: AppSession, question: string, canary: boolean): Promise<Agreed> {
    const yes = vscode.l10n.t("Deploy");
    const share = vscode.l10n.t("Deploy to a Share First…");
    const elsewhere = Promise.withResolvers<Agreed>();
    this.#waiting.get(folder)?.(false);
    this.#waiting.set(folder, elsewhere.resolve);
    const answers = [yes, ...(canary ? [share] : []), vscode.l10n.t("Cancel")];
    const here = vscode.window.showInformationMessage(question, ...answers).then((chosen) => {
      // A notification that is closed has not been answered: the view still asks.
      if (chosen !== undefined) elsewhere.resolve(chosen === share ? "canary" : chosen === yes);
    });
    void here;
    try {
      return await elsewhere.promise;
    } finally {
      this.#waiting.delete(folder);
    }
  }
}

export async function deployToAws(session: AppSession, tree: DeploymentTree, consent: Consent): Promise<void> {
  requireTrust();
  const choice = await askTarget(session);
  await retried(() => planAndDeploy(session, tree, consent, choice));
}

async function planAndDeploy(session: AppSession, tree: DeploymentTree, consent: Consent, choice: KeptChoice): Promise<void> {
  const { startAws, resolveTarget, changing, estimateMonthly, estimateText, keepChoice, listReleases } = await deploying();
  const target = await resolveTarget(choice);
  const app = await session.onDisk();
  const running = startAws(app, target);
  try {
    const title = vscode.l10n.t("Planning {0}: {1}", session.name, placeOf(target));
    const plan = await withProgress({ title }, (work) => running.plan(work));
    const place = placeOf(target, plan.account);
    const row = placeRow(target, plan.account);
    const estimate = estimateText(await estimateMonthly(app, plan, { target: target.kind }));
    await keepChoice(session, choice);
    const changes = changing(plan.actions);
    if (changes.length === 0 && plan.drift.length === 0) {
      const deployment = await running.deploy();
      const releases = await listReleases(plan.app, target);
      tree.show(session, { ...row, plan: { plan, estimate, waiting: false }, releases, deployment });
      void vscode.window.showInformationMessage(
        vscode.l10n.t("Nothing to deploy: {0} is as its source: {1}.", session.name, place),
      );
      return;
    }
    tree.show(session, { ...row, plan: { plan, estimate, waiting: true } });
    const question = vscode.l10n.t("Deploy {0} to {1}? {2}. {3}", session.name, place, summary(plan.actions), estimate);
    const live = (await listReleases(plan.app, target)).some((release) => release.live);
    const agreed = await consent.ask(session, question, live);
    if (!agreed) {
      tree.show(session, { ...row, plan: { plan, estimate, waiting: false } }, { reveal: false });
      return;
    }
    tree.show(session, { ...row, plan: { plan, estimate, waiting: false } }, { reveal: false });
    const canary = agreed === "canary" ? await askCanary(session) : undefined;
    const deployment = await withProgress({ title: vscode.l10n.t("Deploying {0}: {1}", session.name, place) }, (work) =>
      running.deploy({ ...work, ...(canary && { canary }), consented: plan.actions }),
    );
    const releases = await listReleases(plan.app, target);
    tree.show(session, { ...row, releases, deployment });
    void report(session, place, deployment);
  } finally {
    await running.stop();
  }
}

async function report(session: AppSession, place: string, { release, entries }: Deployment): Promise<void> {
  const urls = Object.values(entries).flatMap(({ url }) => (url === undefined ? [] : [url]));
  const copy = vscode.l10n.t("Copy URL");
  const [url] = urls;
  const text = vscode.l10n.t("{0}: release {1} is live: {2}.", session.name, release, place);
  const chosen = await vscode.window.showInformationMessage(text, ...(urls.length === 1 ? [copy] : []));
  if (chosen === copy && url !== undefined) await vscode.env.clipboard.writeText(url);
}
