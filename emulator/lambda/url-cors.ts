import type { FunctionUrl } from "./model.ts";

/** A URL's configuration of cross-origin requests, as the service's model has it. */
export interface Cors {
  AllowOrigins?: string[];
  AllowMethods?: string[];
  AllowHeaders?: string[];
  ExposeHeaders?: string[];
  MaxAge?: number;
  AllowCredentials?: boolean;
}

/** Headers for an origin that the URL's configuration allows; none for every other. They take the place of what the function set itself. */
export function corsHeaders(url: FunctionUrl, origin: string | undefined): Record<string, string> {
  const cors = url.cors as Cors | undefined;
  if (
    cors === undefined ||
    origin === undefined ||
    cors.AllowOrigins?.some((allowed) => allowed === "*" || allowed === origin) !== true
  )
    return {};
  const headers: Record<string, string> = {
    "access-control-allow-origin": cors.AllowOrigins.includes("*") && cors.AllowCredentials !== true ? "*" : origin,
  };
  if (cors.AllowMethods !== undefined) headers["access-control-allow-methods"] = cors.AllowMethods.join(",");
  if (cors.AllowHeaders !== undefined) headers["access-control-allow-headers"] = cors.AllowHeaders.join(",");
  if (cors.ExposeHeaders !== undefined) headers["access-control-expose-headers"] = cors.ExposeHeaders.join(",");
  if (cors.MaxAge !== undefined) headers["access-control-max-age"] = String(cors.MaxAge);
  if (cors.AllowCredentials === true) headers["access-control-allow-credentials"] = "true";
  return headers;
}
