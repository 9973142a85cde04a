/** When sites may be rung: why not now, and the rules of house, customers and sites. */
import { request } from './http'

export type Source = 'house rule' | 'campaign' | 'customer' | 'site'

/** until null and not permitted = never. */
export interface RuleVerdict {
  rule: string
  source: Source
  permitted: boolean
  until: string | null
  reason: string
}

/** next null = never, as things stand; round 0 = in no open one. */
export interface WhyNot {
  siteCode: string
  siteName: string
  customerCode: string
  campaign: string
  round: number
  zone: string
  at: string
  permitted: boolean
  next: string | null
  rules: RuleVerdict[]
}

export interface OwnRules {
  windows?: Record<string, Record<string, string[]>>
  blackouts?: string[]
  caps?: Record<string, unknown>
  nightEvidence?: string
  zone?: string
}

export interface StoredRules {
  owner: 'house' | 'customer' | 'site'
  customerCode: string | null
  siteCode: string | null
  rules: OwnRules
  version: number
  changedBy: string | null
  changedAt: string | null
}

/** Neither = the house. */
export interface Whose {
  customer?: string
  site?: string
}

export const calling = {
  whyNot: (site: string, customer: string, at?: string) =>
    request<WhyNot>('GET', '/why-not', { query: { site, customer, at } }),
  rules: (whose: Whose) => request<StoredRules>('GET', '/calling-rules', { query: { ...whose } }),
  save: (whose: Whose, version: number, rules: OwnRules) =>
    request<StoredRules>('PUT', '/calling-rules', { query: { ...whose }, json: { version, rules } })
}
