/**
 * Makes the README's pictures from what the end-to-end test has seen: `npm test -- e2e`, then `npx node extension/dev/pictures.ts`.
 * The animation is an APNG put together of the test's own pictures, so that it cannot show what the extension does not do.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../../test/e2e/vscode/browser.ts";
import { animation } from "./apng.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const from = join(root, "test/artifacts/e2e");
const to = join(root, "docs/pictures");

/** Picture of the README -> the test's. */
const pictures = {
  "call-graph": "light/4-measured",
  suggestion: "dark/5-suggested",
  trace: "dark/11-trace",
};
const story = ["1-call-graph", "3-running", "4-measured", "5-suggested", "6-lightbulb", "7-quick-fix", "8-accepted"];
/** ms that one picture of the story stays. */
const STAY = 1_800;
/** px. Wide enough to read, small enough to load. */
const WIDTH = { single: 1200, story: 1000 };

const source = async (name: string): Promise<string> => {
  const file = join(from, `${name}.png`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm test -- e2e first.`);
  return (await readFile(file)).toString("base64");
};

const browser = await openBrowser();
try {
  const page = await browser.newPage();
  const scaled = async (name: string, width: number): Promise<Buffer> => {
    const base64 = await page.evaluate(
      async ([data, size]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = size;
        canvas.height = Math.round((image.naturalHeight / image.naturalWidth) * size);
        const context = canvas.getContext("2d", { alpha: false });
        if (!context) throw new Error("no canvas");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL("image/png").split(",")[1] ?? "";
      },
      [await source(name), width] as const,
    );
    return Buffer.from(base64, "base64");
  };
  await mkdir(to, { recursive: true });
  for (const [name, shown] of Object.entries(pictures))
    await writeFile(join(to, `${name}.png`), await scaled(shown, WIDTH.single));
  const frames: Buffer[] = [];
  for (const name of story) frames.push(await scaled(`dark/${name}`, WIDTH.story));
  await writeFile(join(to, "main-job.png"), animation(frames, STAY));
} finally {
  await browser.close();
}
