/**
 * When a link on another site led here, the browser kept the `SameSite=Strict` cookie back. The page that says "no session"
 * then asks for the console once more by this script, now from here, and the cookie comes along. A refresh by <meta> would
 * not do: with a `#` in the address, which names the request, the browser takes it for a jump within the page. The query
 * makes it another address, and keeps it from going round.
 */
export const AGAIN_PATH = '/again.js'

export const AGAIN_SCRIPT = `if (!location.search) location.replace(location.pathname + '?again' + location.hash)
`
