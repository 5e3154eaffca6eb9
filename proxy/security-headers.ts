/** The headers of every answer: isolation, content policy and the refusal to guess. */

import { createHash } from 'node:crypto';

/**
 * The one inline style sheet the page may carry: the one react-aria's `usePress` puts into the head so that touch
 * scrolling works on pressable elements. Named by its hash, so no other inline style passes.
 */
const PRESSABLE_STYLE = `@layer {
  [data-react-aria-pressable] {
    touch-action: pan-x pan-y pinch-zoom;
  }
}`;

const PRESSABLE_HASH = createHash('sha256').update(PRESSABLE_STYLE).digest('base64');

/** The content policy for a page served from `host` (`127.0.0.1:4173`). */
export function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'sha256-${PRESSABLE_HASH}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'self'",
    // 'self' does not cover ws: in every browser, so the feed socket is named in full.
    `connect-src 'self' ws://${host}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types headroom',
  ].join('; ');
}

/** All fixed headers for an answer to a request that came to `host`. */
export function securityHeaders(host: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(host),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  };
}
