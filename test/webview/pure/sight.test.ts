import { expect, it } from "vitest";
import { within } from "../../../webview/graph/sight.ts";

const region = { x: 100, y: 100, width: 100, height: 100 };

it("keeps of a line what is in the region, and tells how long it was before", () => {
  const line = [
    [0, 150],
    [150, 150],
    [150, 900],
    [400, 900],
  ] as [number, number][];
  expect(within(line, region)).toEqual({
    part: [
      [100, 150],
      [150, 150],
      [150, 200],
    ],
    skipped: 100,
  });
  expect(within(line.toReversed(), region)).toEqual({
    part: [
      [150, 200],
      [150, 150],
      [100, 150],
    ],
    skipped: 950,
  });
});

it("keeps the way round between leaving and coming back", () => {
  const line = [
    [0, 110],
    [300, 110],
    [300, 190],
    [0, 190],
  ] as [number, number][];
  expect(within(line, region).part).toEqual([
    [100, 110],
    [300, 110],
    [300, 190],
    [100, 190],
  ]);
});

it("keeps a line that crosses in one stretch, all of one that lies inside, and nothing of one outside", () => {
  expect(
    within(
      [
        [150, 0],
        [150, 5000],
      ],
      region,
    ),
  ).toEqual({
    part: [
      [150, 100],
      [150, 200],
    ],
    skipped: 100,
  });
  expect(
    within(
      [
        [110, 120],
        [130, 120],
      ],
      region,
    ),
  ).toEqual({
    part: [
      [110, 120],
      [130, 120],
    ],
    skipped: 0,
  });
  expect(
    within(
      [
        [0, 0],
        [50, 0],
      ],
      region,
    ),
  ).toEqual({ part: [], skipped: 0 });
});
