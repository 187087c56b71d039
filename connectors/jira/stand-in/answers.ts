import type { HttpAnswer } from '#connectors/kit/io.ts'

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return jsonText(status, JSON.stringify(value), headers)
}

export function jsonText(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8', ...headers }, body }
}

export function noContent(): HttpAnswer {
  return { status: 204, headers: {}, body: '' }
}

/** The platform's way to say no: messages, and one per field. */
export function platformError(status: number, because: string, field?: string): HttpAnswer {
  return json(
    status,
    field === undefined
      ? { errorMessages: [because], errors: {} }
      : { errorMessages: [], errors: { [field]: because } },
  )
}

/** The service desk's way. */
export function serviceDeskError(status: number, because: string): HttpAnswer {
  return json(status, { errorMessage: because, i18nErrorMessage: { i18nKey: 'sd.error', parameters: [] } })
}

export function page(status: number, body: string): HttpAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}

/** After a form: the browser gets the page that shows what came of it. */
export function seeOther(location: string): HttpAnswer {
  return { status: 303, headers: { location }, body: '' }
}
