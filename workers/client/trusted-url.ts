/** The page's one Trusted Types policy: it blesses the URLs of our own worker scripts and nothing else. */

interface UrlPolicy {
  createScriptURL(url: string): unknown;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): UrlPolicy;
}

const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;

const policy = factory?.createPolicy('headroom', {
  createScriptURL(url: string): string {
    const resolved = new URL(url, location.href);
    if (resolved.origin !== location.origin)
      throw new TypeError(`expected a script of ${location.origin}, found ${url}`);
    return resolved.href;
  },
});

/** A worker URL of our own origin in the form that the `Worker` constructor accepts under Trusted Types. */
export function trustedWorkerUrl(url: string): string | URL {
  // lib.dom types the constructor as string | URL; at run time the value is a TrustedScriptURL.
  return (policy === undefined ? url : policy.createScriptURL(url)) as string;
}
