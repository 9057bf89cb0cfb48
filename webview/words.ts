/** The page's texts. English wording is the key; the host passes translations in as data, as `vscode.l10n` does not reach here. */

let translations: Record<string, string> = {};

export function setTranslations(strings: Record<string, string>): void {
  translations = strings;
}

/** `{0}`, `{1}`, … are replaced by the arguments. */
export function t(message: string, ...values: (string | number)[]): string {
  const wording = Object.hasOwn(translations, message) ? (translations[message] ?? message) : message;
  return wording.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
