/** The page's document: a string, so that the extension host and the tests load exactly the same. */

export interface PanelHtml {
  /** Origin that resources come from: `webview.cspSource`. */
  cspSource: string;
  scriptUri: string;
  styleUri: string;
  /** The layout worker's script. It is fetched and started from a blob, as workers of another origin are refused. */
  workerUri: string;
  /** Fresh for every document. */
  nonce: string;
  title?: string;
  /** BCP 47; for screen readers. */
  language?: string;
  /** Translations of the page's texts by their English wording. */
  strings?: Record<string, string>;
}

const escape = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

export function contentSecurityPolicy({ cspSource, nonce }: Pick<PanelHtml, "cspSource" | "nonce">): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    // Pictures for PNG export are drawn from a blob.
    "img-src blob: data:",
    // The layout worker: fetched from our own folder, run from a blob.
    "worker-src blob:",
    `connect-src ${cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function panelHtml(options: PanelHtml): string {
  const { scriptUri, styleUri, workerUri, nonce, title = "Call Graph", language = "en", strings = {} } = options;
  // `<` is the only character that could end the data block early.
  const data = JSON.stringify(strings).replaceAll("<", "\\u003c");
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(contentSecurityPolicy(options))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${escape(styleUri)}">
</head>
<body>
<div id="panel" data-worker="${escape(workerUri)}"></div>
<script id="strings" type="application/json" nonce="${escape(nonce)}">${data}</script>
<script nonce="${escape(nonce)}" src="${escape(scriptUri)}"></script>
</body>
</html>
`;
}
