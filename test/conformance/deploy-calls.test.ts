import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assertUsable, loadApp } from "../../extension/application/app.ts";
import {
  createDeployer,
  destroy,
  rollback,
  type DeployableApp,
  type Deployer,
  type Target,
} from "../../extension/deployment/index.ts";
import { DEPLOYER_ACTIONS } from "../../extension/deployment/endpoint/policy.ts";
import { callTable, countByAction } from "./deploy/calls.ts";
import { clientsOf, inventory, targetAt } from "./deploy/journey.ts";
import { motoPackage, startMoto } from "./deploy/python.ts";
import { startProxy, type Proxy, type Seen } from "./deploy/proxy.ts";
import { root } from "./deploy/terminal.ts";

const tools = await motoPackage();
const missing = typeof tools === "string" ? tools : undefined;

/** What the documentation says about the number of requests, for the largest sample; and the list of them. */
describe.skipIf(missing !== undefined)(
  `requests of a deploy of web${missing === undefined ? "" : `: skipped, ${missing}`}`,
  () => {
    let moto: Awaited<ReturnType<typeof startMoto>>;
    let proxy: Proxy;
    let target: Target;
    let deployer: Deployer;
    let app: DeployableApp;

    beforeAll(async () => {
      if (typeof tools === "string") return;
      moto = await startMoto(tools);
      proxy = await startProxy(moto.endpoint);
      target = targetAt(proxy.endpoint);
      deployer = createDeployer();
      const loaded = await loadApp(join(root, "test/apps/web"));
      assertUsable(loaded);
      app = { folder: loaded.folder, config: loaded.config, graph: loaded.graph, setup: {} };
    }, 400_000);
    afterAll(async () => {
      await deployer?.dispose();
      await proxy?.close();
      await moto?.stop();
    });

    const recorded = async (work: () => Promise<unknown>): Promise<Seen[]> => {
      proxy.reset();
      await work();
      return [...proxy.seen];
    };

    it("stays within the bound, asks for rights of the printed policy only, and leaves nothing", async () => {
      const functions = app.graph.tasks.length;
      const entries = app.graph.tasks.filter(({ entry }) => entry).length;
      expect(functions).toBe(17);
      const first = await recorded(() => deployer.deploy(app, target));
      const unchanged = await recorded(() => deployer.deploy(app, target));
      app = { ...app, setup: { frontend: { memory: 512 } } };
      const memory = await recorded(() => deployer.deploy(app, target));
      const back = await recorded(() => rollback("web", target));
      const end = await recorded(() => destroy("web", target, { logs: true }));
      expect(first.length).toBeLessThanOrEqual(4 + 9 * functions + 3 * entries);
      expect(unchanged.length).toBeLessThanOrEqual(3 + 6 * functions + entries);
      expect(memory.length).toBeLessThanOrEqual(9 + 8 * functions + entries + 6 * entries);
      // One call for each entry moves clients; one notes that they are back at the release, one when they left the other.
      expect(countByAction(back).get("lambda:UpdateAlias")).toBe(entries + 2);
      const allowed = new Set<string>(Object.values(DEPLOYER_ACTIONS).flat());
      const asked = [first, unchanged, memory, back, end].flatMap((seen) => [...countByAction(seen).keys()]);
      expect(asked.filter((action) => !allowed.has(action))).toEqual([]);
      const clients = clientsOf(targetAt(moto.endpoint));
      expect(await inventory(clients)).toEqual([]);
      clients.close();
      const table = callTable({
        "first deploy": first,
        unchanged,
        "memory of the entry": memory,
        "roll back": back,
        "destroy, with logs": end,
      });
      await expect(`${HEAD}\n${table}\n`).toMatchFileSnapshot("../../docs/deployment-calls.md");
    }, 120_000);
  },
);

const HEAD = `# What a deploy asks of AWS

Written by \`test/conformance/deploy-calls.test.ts\`, which records every request of the sample \`web\` (17 tasks, base setup, a role for each
function) on its way to moto. Each row is the right that AWS asks for; \`fusionize policy\` prints the policy with all of them, and a test
compares the two. Tags that are given at creation need \`lambda:TagResource\`, \`logs:TagResource\` and \`iam:TagRole\` besides.
`;
