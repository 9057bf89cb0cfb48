/** The steps of a deployment; each ends with what a person sees, or with what the endpoint has. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { clientsOf, inventory, targetAt } from "../../conformance/deploy/journey.ts";
import { pass, type Proxy } from "../../conformance/deploy/proxy.ts";
import { eventually, type Step } from "../journey/steps.ts";
import type { Workbench } from "../journey/workbench.ts";

const ROLE = "arn:aws:iam::123456789012:role/shop";
/** ms. */
const patience = { window: 30_000, work: 60_000 };

export interface Scene {
  workbench: Workbench;
  url: string;
  /** Absolute path of the copy of `shop`. */
  workspace: string;
  /** Of the emulator itself. */
  endpoint: string;
  /** What the editor deploys to. */
  proxy: Proxy;
}

export function deploySteps({ workbench, url, workspace, endpoint, proxy }: Scene): Step[] {
  const { page } = workbench;
  const clients = clientsOf(targetAt(endpoint));
  const view = page.locator(".pane", { has: page.locator(".pane-header", { hasText: "Deployment" }) });
  const row = (text: string | RegExp): Locator => view.locator(".monaco-list-row").filter({ hasText: text });
  const button = (box: Locator, name: string) => box.getByRole("button", { name, exact: true });
  const type = async (text: string) => {
    const input = page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await input.fill(text);
    await page.keyboard.press("Enter");
  };
  const question = (text: string | RegExp) =>
    page.locator(".quick-input-widget").filter({ hasText: text }).waitFor({ timeout: patience.window });
  const placeholder = (text: string | RegExp) => page.getByPlaceholder(text).waitFor({ timeout: patience.window });
  const noError = async () => assert.deepEqual(await workbench.errors.allInnerTexts(), []);
  const functions = async () => (await inventory(clients, { roles: false })).filter((line) => line.startsWith("function "));
  const checkout = async () => {
    const request = new InvokeCommand({
      FunctionName: "shop-dev-checkout",
      Qualifier: "live",
      Payload: JSON.stringify({ items: [1, 2] }),
    });
    const { Payload } = await clients.lambda.send(request);
    return Buffer.from(Payload ?? []).toString();
  };

  return [
    {
      title: "deploy: the target is asked for once: endpoint, region, stage, role",
      run: async () => {
        await workbench.open(url, workspace);
        await workbench.statusBar(/shop: 4 tasks/).waitFor({ timeout: patience.window });
        await workbench.command("Fusionize: Focus on Deployment View");
        // The rows of a list that are out of sight are not on the page.
        for (const other of ["Functions", "Runs"]) await page.locator(".pane-header", { hasText: other }).click();
        await workbench.command("Fusionize: Deploy to AWS…");
        await placeholder(/With which AWS profile/);
        await workbench.picture("deploy-1-profile");
        await workbench.pick("Another endpoint…");
        await question("Address of the endpoint");
        await type(proxy.endpoint);
        await placeholder(/In which region/);
        await workbench.pick("eu-central-1");
        await question("The stage");
        await type("dev");
        await placeholder(/Which execution role/);
        await workbench.pick("One role for all…");
        await question("ARN of the role");
        await type(ROLE);
      },
    },
    {
      title: "deploy: the plan is a tree with account, region and stage, and nothing has happened yet",
      run: async () => {
        await workbench.reach(row(/Plan\s*\d+ changes/), patience.work);
        await row(/^dev\s*account 123456789012, eu-central-1/).waitFor();
        await row(/Create/)
          .first()
          .waitFor();
        await row(/shop-dev-checkout\s*function: task checkout, 128 MB/).waitFor();
        await row(/Without requests it costs \$0\.00/).waitFor();
        await workbench.picture("deploy-2-plan");
        assert.deepEqual(await functions(), []);
        await noError();
      },
    },
    {
      title: "deploy: after consent the release is live, and its address is shown",
      run: async () => {
        await button(workbench.notification(/Deploy shop to stage dev, account 123456789012/), "Deploy").click();
        await workbench.reach(workbench.notification(/shop: release r1 is live/), patience.work);
        await row(/http:\/\/\S+\s*checkout/).waitFor();
        await row(/r1\s*live, 4 functions/).waitFor();
        assert.equal((await functions()).length, 4);
        assert.match(await checkout(), /total/);
        await workbench.picture("deploy-3-live");
        await noError();
      },
    },
    {
      title: "deploy: an expired sign-in names the command, and Retry keeps all answers",
      run: async () => {
        await page.keyboard.press("Escape");
        await workbench.command("Notifications: Clear All Notifications");
        const file = join(workspace, "src/price.ts");
        const source = await readFile(file, "utf8");
        const edited = source.replace("sum + item", "item + sum");
        assert.notEqual(edited, source);
        await writeFile(file, edited);
        proxy.fault = () => ({
          status: 403,
          error: "ExpiredTokenException",
          message: "The security token included in the request is expired",
        });
        await workbench.command("Fusionize: Deploy to AWS…");
        await placeholder(/To which stage/);
        await workbench.pick("dev");
        const refused = workbench.notification(/The sign-in .* has expired or was never made\. Run: aws login/);
        await refused.waitFor({ timeout: patience.work });
        await button(refused, "Open Terminal").waitFor();
        await workbench.picture("deploy-4-expired");
        proxy.fault = pass;
        await button(refused, "Retry").click();
        await workbench.reach(row(/Plan\s*\d+ changes/), patience.work);
        await row(/shop-dev-price\s*function: code/).waitFor();
      },
    },
    {
      title: "deploy: the plan can be agreed to in the view, and the second release is live",
      run: async () => {
        await workbench.command("Fusionize: Deploy This Plan");
        await workbench.reach(workbench.notification(/shop: release r2 is live/), patience.work);
        await row(/r2\s*live/).waitFor();
        await workbench.command("Notifications: Clear All Notifications");
        await noError();
      },
    },
    {
      title: "deploy: a share of the requests tries the next release; Cancel leaves all of them where they were",
      run: async () => {
        const file = join(workspace, "src/price.ts");
        const source = await readFile(file, "utf8");
        await writeFile(file, source.replace("item + sum", "item + sum + 0"));
        await workbench.command("Fusionize: Deploy to AWS…");
        await placeholder(/To which stage/);
        await workbench.pick("dev");
        const asked = workbench.notification(/Deploy shop to/);
        await workbench.reach(asked, patience.work);
        await button(asked, "Deploy to a Share First…").click();
        await placeholder(/Which share of the requests/);
        await workbench.pick("10 %");
        const trying = workbench.notification(/Giving r3 10 % of the requests for 300 s/);
        await workbench.reach(trying, patience.work);
        await workbench.picture("deploy-5-canary");
        await button(trying, "Cancel").click();
        await trying.waitFor({ state: "hidden", timeout: patience.work });
        assert.match(await checkout(), /total/);
        await workbench.command("Notifications: Clear All Notifications");
        await noError();
      },
    },
    {
      title: "deploy: Roll Back returns to the release before",
      run: async () => {
        await workbench.command("Fusionize: Roll Back");
        await placeholder(/Clients leave r2 at once/);
        await workbench.picture("deploy-5-roll-back");
        await workbench.pick(/^r1/);
        await workbench.reach(workbench.notification(/release r1 is live again, after r2/), patience.work);
        await row(/r1\s*live/).waitFor();
        assert.ok((await inventory(clients, { roles: false })).includes("  live -> 1"));
        await noError();
      },
    },
    {
      title: "deploy: Destroy Deployment asks, and leaves nothing",
      run: async () => {
        await workbench.command("Notifications: Clear All Notifications");
        await workbench.command("Fusionize: Destroy Deployment");
        const dialog = page.locator(".monaco-dialog-box");
        await dialog.waitFor();
        await workbench.picture("deploy-6-destroy");
        await button(dialog, "Destroy with Logs").click();
        await workbench.reach(workbench.notification(/shop is destroyed, nothing is left/), patience.work);
        await row(/Destroyed\s*nothing is left/).waitFor();
        await eventually(async () => assert.deepEqual(await inventory(clients, { roles: false }), []), patience.window);
        clients.close();
        await noError();
      },
    },
  ];
}
