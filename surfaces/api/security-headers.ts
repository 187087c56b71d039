/**
 * On every answer. Scripts, connections and fonts only from ourselves; `style-src 'unsafe-inline'` because Atlaskit's themes
 * arrive as <style> elements. Nobody may frame us: inside Jira the same bundle is served by Atlassian, not by us.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  /** What people may have access to is kept in no cache; the hashed files of the console say otherwise for themselves. */
  'cache-control': 'no-store',
}
