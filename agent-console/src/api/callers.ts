/** Whose numbers these are, who is not served, and the search for sites. */
import { request } from './http'

/**
 * A number and whose it is; site null = the whole customer's. Source file: a contact's, boundBy is the
 * file then and note his name.
 */
export interface KnownNumber {
  id: number
  number: string
  customer: string
  customerName: string
  site: string | null
  siteName: string | null
  source: 'call' | 'hand' | 'file'
  call: string | null
  note: string
  boundBy: string
  boundAt: string | null
}

export interface FoundSite {
  siteCode: string
  siteName: string
  customerCode: string
  customerName: string
  tier: string
  city: string
}

/** until null = for good; over = its time has passed. */
export interface BlockedNumber {
  id: number
  /** masked */
  number: string
  reason: string
  until: string | null
  blockedBy: string
  blockedAt: string
  over: boolean
}

/** Where a masked number stands; known = bound to a site or customer. */
export type NumberKind = 'call' | 'task' | 'matter' | 'known' | 'blocked'

const one = encodeURIComponent

export const callers = {
  sites: (q: string, limit = 9) => request<FoundSite[]>('GET', '/sites', { query: { q, limit } }),
  bind: (call: string, site: FoundSite) =>
    request<KnownNumber>('POST', `/calls/${one(call)}/bind`, {
      json: { customerCode: site.customerCode, siteCode: site.siteCode }
    }),
  ofCall: (call: string) => request<KnownNumber[]>('GET', `/calls/${one(call)}/numbers`),
  numbers: () => request<KnownNumber[]>('GET', '/numbers'),
  unbind: (id: number) => request<null>('DELETE', `/numbers/${id}`),

  blocklist: () => request<BlockedNumber[]>('GET', '/blocklist'),
  block: (number: string, reason: string, until: string | null) =>
    request<null>('PUT', `/blocklist/${one(number)}`, { json: { reason, until } }),
  blockCaller: (call: string, reason: string, until: string | null) =>
    request<null>('POST', `/calls/${one(call)}/block`, { json: { reason, until } }),
  free: (id: number) => request<null>('DELETE', `/blocklist/${id}`),

  /** The reason is kept. */
  whole: (kind: NumberKind, id: string, reason: string) =>
    request<{ number: string }>('POST', '/whole-numbers', { json: { kind, id, reason } })
}
