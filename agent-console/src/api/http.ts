import { i18n } from '../i18n'

/** One request to the engine, its answer as JSON, its refusal as {@link ApiError}. */

const BASE = '/api/v1'
const DEADLINE_MS = 15_000

/** A refusal of the engine (its stable id), or `unreachable`/`timeout` when there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly details: Record<string, unknown> = {}
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>
  json?: unknown
  bytes?: Blob
  deadlineMs?: number
}

/** Milliseconds the engine's clock is ahead of this computer's, by the Date header (1 s steps). */
let clockAhead = 0
let whenSignedOut: () => void = () => undefined

/** Called at each 401 other than a wrong password. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener
}

/** The engine's time as far as known: durations on screen count from the engine's instants. */
export function engineNow(): number {
  return Date.now() + clockAhead
}

export async function request<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: RequestOptions = {}
): Promise<T> {
  const response = await send(method, path, options)
  readClock(response)
  const body = await read(response)
  if (response.ok) return body as T
  const refusal = isRefusal(body) ? body : { error: `http_${response.status}`, message: '' }
  if (response.status === 401 && refusal.error !== 'wrong_login') whenSignedOut()
  throw new ApiError(response.status, refusal.error, refusal.message ?? '', refusal.details ?? {})
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  // The engine gives its reasons in the language chosen here, whatever the account says.
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': i18n.global.locale.value
  }
  // A foreign page can send a form here, but not with this header.
  if (method !== 'GET') headers['X-Careline'] = '1'
  let body: BodyInit | undefined
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.json)
  } else if (options.bytes) {
    headers['Content-Type'] = 'application/octet-stream'
    body = options.bytes
  }
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), options.deadlineMs ?? DEADLINE_MS)
  try {
    return await fetch(BASE + path + queryOf(options.query), {
      method,
      headers,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: abort.signal
    })
  } catch {
    throw abort.signal.aborted
      ? new ApiError(0, 'timeout', 'no answer in time')
      : new ApiError(0, 'unreachable', 'the engine cannot be reached')
  } finally {
    clearTimeout(timer)
  }
}

function queryOf(query: RequestOptions['query']): string {
  const parts = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parts.set(key, String(value))
  }
  const text = parts.toString()
  return text ? `?${text}` : ''
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '')
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    if (response.ok) throw new ApiError(response.status, 'not_json', '')
    return null
  }
}

function isRefusal(
  body: unknown
): body is { error: string; message?: string; details?: Record<string, unknown> } {
  return typeof body === 'object' && body !== null && typeof (body as never)['error'] === 'string'
}

function readClock(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '')
  if (Number.isNaN(date)) return
  const ahead = date - Date.now()
  // Below two seconds it is the header's rounding and the way here, not a wrong clock.
  clockAhead = Math.abs(ahead) > 2000 ? ahead : 0
}
