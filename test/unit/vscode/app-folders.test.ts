import { expect, it } from "vitest";
import { appFolders } from "../../../extension/vscode/model/appFolders.ts";

it.each([
  ["a setup file", ["/w/fusionize.json"], [], ["/w"]],
  ["several templates", [], ["/w/b/serverless.yml", "/w/a/template.yaml"], ["/w/a", "/w/b"]],
  ["a nested stack's template", [], ["/w/stacks/one/template.yaml", "/w/template.yaml"], ["/w"]],
  ["a setup file beside a template", ["/w/a/fusionize.json"], ["/w/a/template.yaml", "/w/ab/template.yaml"], ["/w/a", "/w/ab"]],
  ["two synthesised stacks", [], ["/w/cdk.out/One.template.json", "/w/cdk.out/Two.template.json"], ["/w"]],
])("finds the apps of %s", (_what, setupFiles, templates, expected) => {
  expect(appFolders(setupFiles, templates)).toEqual(expected);
});
