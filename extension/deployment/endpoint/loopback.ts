/** True for an endpoint that does not leave this machine. */
export function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  const host = URL.parse(endpoint)?.hostname;
  return host === "localhost" || host === "[::1]" || (host?.startsWith("127.") ?? false);
}
