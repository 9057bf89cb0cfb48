/** Where stacks stand and how routes run: ELK's layered layout, left to right, with a fixed port for every row. */
import type { ElkExtendedEdge, ElkNode, ElkPort, ELK } from "elkjs/lib/elk-api.js";
import type { Route, Scene } from "./scene.ts";
import type { StackShape } from "./stack.ts";

export interface Arrangement {
  width: number;
  height: number;
  /** By stack id. */
  stacks: Map<string, { x: number; y: number }>;
  /** By route id: the points from the caller's row to the callee's. */
  routes: Map<string, [number, number][]>;
}

/** From this many stacks on, fewer rounds of crossing removal: the rest is not seen at that size, but felt in time. */
const MANY = 100;

const options = (count: number): Record<string, string> => ({
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "24",
  "elk.layered.spacing.nodeNodeBetweenLayers": "64",
  "elk.layered.spacing.edgeNodeBetweenLayers": "20",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.componentComponent": "32",
  // Keeping the order of the source costs 20 s at 1,000 tasks, where nobody sees it; without it the same takes 1.5 s.
  "elk.layered.considerModelOrder.strategy": count > MANY ? "NONE" : "NODES_AND_EDGES",
  "elk.layered.considerModelOrder.crossingCounterNodeInfluence": "0.001",
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
  "elk.layered.nodePlacement.strategy": count > MANY ? "BRANDES_KOEPF" : "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.thoroughness": count > MANY ? "2" : "10",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
});

interface Anchor {
  y: number;
  left: number;
  right: number;
}

export async function arrange(scene: Scene, elk: Pick<ELK, "layout">): Promise<Arrangement> {
  const stacks = new Map(scene.stacks.map((each) => [each.id, each]));
  const ports = new Map<string, ElkPort[]>(scene.stacks.map((each) => [each.id, []]));
  const kinds = Map.groupBy(
    scene.routes.flatMap((route) => [`out ${route.from}\n${kindOf(route)}`, `in ${route.to}\n${kindOf(route)}`]),
    (key) => key.slice(0, key.lastIndexOf("\n")),
  );
  const seen = new Set<string>();
  const port = (route: Route, direction: "in" | "out"): string => {
    const row = direction === "out" ? route.from : route.to;
    const stackId = direction === "out" ? route.fromStack : route.toStack;
    const id = `${direction} ${row}\n${kindOf(route)}`;
    const stack = stacks.get(stackId);
    if (!seen.has(id) && stack) {
      seen.add(id);
      const mixed = new Set(kinds.get(`${direction} ${row}`)).size > 1;
      const offset = mixed ? (kindOf(route) === "sync" ? -5 : 5) : 0;
      ports.get(stackId)?.push({
        id,
        x: direction === "out" ? stack.width : 0,
        y: anchor(stack, row).y + offset,
        width: 0,
        height: 0,
        layoutOptions: { "elk.port.side": direction === "out" ? "EAST" : "WEST" },
      });
    }
    return id;
  };
  const edges: ElkExtendedEdge[] = scene.routes.map((route) => ({
    id: route.id,
    sources: [port(route, "out")],
    targets: [port(route, "in")],
  }));
  edges.push(...standby(scene));
  const children: ElkNode[] = scene.stacks.map((each) => ({
    id: each.id,
    width: each.width,
    height: each.height,
    ports: ports.get(each.id) ?? [],
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
  }));
  const result = await elk.layout({ id: "root", layoutOptions: options(children.length), children, edges });
  return read(result, scene, stacks);
}

/**
 * A function whose task is inlined everywhere still stands by for calls that cannot be: it belongs to the right of its
 * callers, though no line leads there.
 */
function standby(scene: Scene): ElkExtendedEdge[] {
  const stackOf = new Map(
    scene.stacks.flatMap((stack) =>
      stack.collapsed ? stack.boxes.map((box) => [box.root, stack.id]) : stack.rows.map((row) => [row.id, stack.id]),
    ),
  );
  const edges = new Map<string, ElkExtendedEdge>();
  for (const link of scene.links.values()) {
    if (!("cloneIn" in link.to)) continue;
    const [from, to] = [stackOf.get(link.from), stackOf.get(link.callee)];
    const id = `standby ${from} ${to}`;
    if (from !== undefined && to !== undefined && from !== to) edges.set(id, { id, sources: [from], targets: [to] });
  }
  return [...edges.values()];
}

const kindOf = (route: Route) => route.links[0]?.kind ?? "sync";

function anchor(stack: StackShape, row: string): Anchor {
  const shape = stack.rows.find((each) => each.id === row);
  if (!shape) return { y: stack.height / 2, left: 0, right: stack.width };
  return { y: shape.y + shape.height / 2, left: shape.x, right: shape.x + shape.width };
}

function read(result: ElkNode, scene: Scene, stacks: Map<string, StackShape>): Arrangement {
  const positions = new Map(
    (result.children ?? []).map((each) => [each.id, { x: Math.round(each.x ?? 0), y: Math.round(each.y ?? 0) }]),
  );
  const sections = new Map((result.edges ?? []).map((each) => [each.id, each.sections?.[0]]));
  const routes = new Map<string, [number, number][]>();
  for (const route of scene.routes) {
    const section = sections.get(route.id);
    const [from, to] = [stacks.get(route.fromStack), stacks.get(route.toStack)];
    const [fromAt, toAt] = [positions.get(route.fromStack), positions.get(route.toStack)];
    if (!section || !from || !to || !fromAt || !toAt) continue;
    const points: [number, number][] = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map((p) => [
      p.x,
      p.y,
    ]);
    const first = points[0];
    const last = points.at(-1);
    if (first) points.unshift([fromAt.x + anchor(from, route.from).right, first[1]]);
    if (last) points.push([toAt.x + anchor(to, route.to).left, last[1]]);
    routes.set(route.id, points);
  }
  return { width: result.width ?? 0, height: result.height ?? 0, stacks: positions, routes };
}
