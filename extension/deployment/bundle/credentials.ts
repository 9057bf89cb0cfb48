import type { Plugin } from "esbuild";

/**
 * Inside a function credentials come from its environment, or from a local HTTP address (SnapStart). The SDK's default
 * chain goes on to profiles, SSO and metadata services, which no function has: a third of a client's size.
 */
const SOURCE = `
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { fromHttp } from "@aws-sdk/credential-provider-http";
export const defaultProvider = (init) => {
  const environment = fromEnv(init);
  return async () => (process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI ? fromHttp(init)() : environment());
};
export const credentialsTreatedAsExpired = (credentials) =>
  credentials?.expiration !== undefined && credentials.expiration.getTime() - Date.now() < 300000;
export const credentialsWillNeedRefresh = (credentials) => credentials?.expiration !== undefined;
`;

export const functionCredentials: Plugin = {
  name: "function-credentials",
  setup(build) {
    const namespace = "function-credentials";
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === namespace) return undefined;
      const real = await build.resolve(path, { kind, resolveDir, pluginData: namespace });
      if (real.errors.length > 0) return undefined;
      return { path: real.path, namespace, sideEffects: false, pluginData: real.path };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({
      contents: SOURCE,
      // Its own dependencies, wherever the package manager put them.
      resolveDir: String(pluginData).replace(/[^/\\]*$/, ""),
    }));
  },
};
