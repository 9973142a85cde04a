/** Whether a customer and his sites may be rung, as a person enters it. */
import { request } from './http'

/** until = the last day; null with a null basis: no round opens. */
export interface Ground {
  customer: string
  name: string
  basis: 'contract' | 'consent' | 'request' | null
  from: string | null
  until: string | null
  evidence: string
  version: string
}

/** earliest: before this day it is taken off the list with evidence only; null = not listed. */
export interface Standing {
  customer: string
  site: string
  name: string
  status: 'active' | 'to_confirm' | 'closed'
  statusReason: string
  listed: boolean
  reason: string
  until: string | null
  evidence: string
  earliest: string | null
  version: string
}

export const FATES = ['active', 'closed', 'renamed', 'moved'] as const
export type Fate = (typeof FATES)[number]

const one = encodeURIComponent
const place = (at: Standing) => `/customers/${one(at.customer)}/sites/${one(at.site)}`

export const grounds = {
  ground: (customer: string) => request<Ground>('GET', `/customers/${one(customer)}/consent`),
  saveGround: ({ customer, basis, from, until, evidence, version }: Ground) =>
    request<Ground>('PUT', `/customers/${one(customer)}/consent`, {
      json: { basis, from, until, evidence, version }
    }),
  standing: (customer: string, site: string) =>
    request<Standing>('GET', `/customers/${one(customer)}/sites/${one(site)}/standing`),
  list: (at: Standing, reason: string, until: string | null, evidence: string) =>
    request<Standing>('PUT', `${place(at)}/do-not-call`, {
      json: { reason, until, evidence, version: at.version }
    }),
  free: (at: Standing, reason: string, evidence: string) =>
    request<Standing>('POST', `${place(at)}/do-not-call/end`, {
      json: { reason, evidence, version: at.version }
    }),
  decide: (at: Standing, fate: Fate, reason: string, afterCustomer: string, afterSite: string) =>
    request<Standing>('POST', `${place(at)}/status`, {
      json: {
        fate,
        reason,
        afterCustomer: afterCustomer || null,
        afterSite: afterSite || null,
        version: at.version
      }
    })
}
